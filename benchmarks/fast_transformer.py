"""How much faster Z-Image's transformer trains in batches of one shape than as the stock class.

    python benchmarks/fast_transformer.py [--batch 32]

One core, bfloat16, forwards and backwards, at the size of mini's transformer.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import torch

from foundry.networks.transformer import build_transformer
from foundry.parts.transformer import TransformerRecipe
from foundry.recipe import load_recipe
from likeness.engine.families.fast_zimage import FastTransformer

RECIPE = Path(__file__).parents[1] / "foundry" / "recipes" / "transformer-128.toml"
CHANNELS, SIDE, TOKENS = 12, 16, 32


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    recipe = load_recipe(RECIPE, TransformerRecipe)
    stock = build_transformer(recipe.shape, CHANNELS, recipe.text.width)
    batch: int = options.batch
    latents = torch.randn(batch, CHANNELS, SIDE, SIDE)
    time, text = torch.rand(batch), torch.randn(batch, TOKENS, recipe.text.width)
    lengths = torch.randint(5, TOKENS + 1, (batch,))

    def by_stock() -> torch.Tensor:
        texts = [one[:length] for one, length in zip(text, lengths.tolist(), strict=True)]
        samples = list(latents.unsqueeze(2).unbind(0))
        return torch.stack(stock(samples, time, texts, return_dict=False)[0])

    fast, compiled = FastTransformer(stock), FastTransformer(stock, compiled=True)
    ways: dict[str, Callable[[], torch.Tensor]] = {
        "stock": by_stock,
        "fast": lambda: fast(latents, time, text, lengths),
        "fast, compiled": lambda: compiled(latents, time, text, lengths),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        step(way, stock)
    for _ in range(options.rounds):  # in turns, so that a busy moment hits all of them
        for name, way in ways.items():
            seconds[name].append(step(way, stock))
    for name, taken in seconds.items():
        ratio = median(seconds["stock"]) / median(taken)
        print(f"{name:15} {batch / median(taken):6.1f} pictures/s  {ratio:.2f}×")


def step(way: Callable[[], torch.Tensor], stock: torch.nn.Module) -> float:
    started = perf_counter()
    with torch.autocast("cpu", torch.bfloat16):
        output = way()
    output.float().square().mean().backward()
    stock.zero_grad()
    return perf_counter() - started


if __name__ == "__main__":
    main()
