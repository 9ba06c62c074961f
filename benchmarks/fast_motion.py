"""How much faster the networks of clips train in fewer operations than as the stock classes.

    python benchmarks/fast_motion.py [--pieces 8] [--clips 8]

One core, as parts train on it, forwards and backwards, at the sizes of the recipes for 128 px; in
seconds of processor, which a busy machine stretches less than others.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import torch
from torch import Tensor, nn

from foundry.device import mixed
from foundry.networks.fast_wan import TEXT_PLACES, FastWan
from foundry.networks.frames import SHRINKS, build_frames
from foundry.networks.motion import build_motion
from foundry.parts.frames import FramesRecipe
from foundry.parts.motion_recipe import MotionRecipe
from foundry.recipe import load_recipe
from likeness.engine.fast_frames import FastFrames

RECIPES = Path(__file__).parents[1] / "foundry" / "recipes"
SIZE, PIECE, FRAMES = 128, 5, 17

Ways = dict[str, Callable[[], Tensor]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pieces", type=int, default=8)
    arguments.add_argument("--clips", type=int, default=8)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    compare("autoencoder", *autoencoders(options.pieces), options.rounds)
    compare("transformer", *transformers(options.clips), options.rounds)


def autoencoders(pieces: int) -> tuple[nn.Module, Ways]:
    shape = load_recipe(RECIPES / "frames-128.toml", FramesRecipe).shape
    stock: Any = build_frames(shape)
    fast, compiled = FastFrames(stock), FastFrames(stock, compiled=True)
    clips = torch.rand(pieces, 3, PIECE, SIZE, SIZE) * 2 - 1
    frames = clips.transpose(1, 2).flatten(0, 1)
    return stock, {
        "stock": lambda: stock.decode(stock.encode(clips).latent_dist.mode()).sample,
        "fast": lambda: fast.decode(fast.encode(frames)[0]),
        "fast, compiled": lambda: compiled.decode(compiled.encode(frames)[0]),
    }


def transformers(clips: int) -> tuple[nn.Module, Ways]:
    recipe = load_recipe(RECIPES / "motion-128.toml", MotionRecipe)
    channels = load_recipe(RECIPES / "frames-128.toml", FramesRecipe).shape.latent_channels
    stock: Any = build_motion(recipe.shape, channels, recipe.text.width)
    fast, compiled = FastWan(stock), FastWan(stock, compiled=True)
    side = SIZE // SHRINKS
    latents = torch.randn(clips, 2 * channels + 1, FRAMES, side, side)
    time = torch.rand(clips) * 1000
    text = torch.randn(clips, recipe.words, recipe.text.width)
    places = torch.cat([text, torch.zeros(clips, TEXT_PLACES - recipe.words, text.shape[2])], dim=1)
    return stock, {
        "stock": lambda: stock(latents, time, places, return_dict=False)[0],
        "fast": lambda: fast(latents, time, text),
        "fast, compiled": lambda: compiled(latents, time, text),
    }


def compare(what: str, stock: nn.Module, ways: Ways, rounds: int) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        step(way, stock)
    for _ in range(rounds):  # in turns, so that a busy moment hits all of them
        for name, way in ways.items():
            seconds[name].append(step(way, stock))
    for name, taken in seconds.items():
        ratio = median(seconds["stock"]) / median(taken)
        print(f"{what}, {name:15} {median(taken):6.2f} s a step  {ratio:.2f}×")


def step(way: Callable[[], Tensor], stock: nn.Module) -> float:
    started = process_time()
    with mixed(torch.device("cpu")):
        output = way()
    output.float().square().mean().backward()
    stock.zero_grad()
    return process_time() - started


if __name__ == "__main__":
    main()
