"""The fast form of the transformer is the stock class, only faster."""

import pytest
import torch
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel
from hypothesis import given, settings
from hypothesis import strategies as st
from peft import LoraConfig
from torch import Tensor

from foundry.networks.transformer import TransformerShape, build_transformer
from likeness.engine.families.fast_zimage import FastTransformer
from likeness.engine.families.zimage import TARGETS

CHANNELS, FEATURES = 4, 24


@pytest.fixture(scope="module")
def stock() -> ZImageTransformer2DModel:
    torch.manual_seed(3)
    network = build_transformer(TransformerShape(width=48, heads=2, layers=2), CHANNELS, FEATURES)
    for weight in network.parameters():
        # Fresh blocks do nothing; trained ones do.
        torch.nn.init.normal_(weight, std=0.2)
    return network


def by_stock(
    stock: ZImageTransformer2DModel, latents: Tensor, time: Tensor, text: Tensor, lengths: Tensor
) -> Tensor:
    texts = [states[:length] for states, length in zip(text, lengths.tolist(), strict=True)]
    samples = list(latents.unsqueeze(2).unbind(0))
    return torch.stack(stock(samples, time, texts, return_dict=False)[0]).squeeze(2)


@settings(max_examples=15)
@given(
    seed=st.integers(0, 1000),
    batch=st.integers(1, 3),
    sides=st.sampled_from([(16, 16), (8, 16), (16, 8), (16, 24)]),
    blocks=st.integers(1, 2),
)
def test_same_numbers_as_the_stock_class(
    stock: ZImageTransformer2DModel, seed: int, batch: int, sides: tuple[int, int], blocks: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    latents = torch.randn((batch, CHANNELS, *sides), generator=generator)
    time = torch.rand(batch, generator=generator)
    text = torch.randn((batch, 32 * blocks, FEATURES), generator=generator)
    lengths = torch.randint(32 * blocks - 31, 32 * blocks + 1, (batch,), generator=generator)

    with torch.no_grad():
        expected = by_stock(stock, latents, time, text, lengths)
        assert torch.allclose(
            FastTransformer(stock)(latents, time, text, lengths), expected, atol=1e-4, rtol=1e-4
        )


def test_same_gradients_as_the_stock_class(stock: ZImageTransformer2DModel) -> None:
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn((2, CHANNELS, 16, 16), generator=generator)
    time, lengths = torch.tensor([0.2, 0.9]), torch.tensor([7, 32])
    text = torch.randn((2, 32, FEATURES), generator=generator)
    used = [weight for name, weight in stock.named_parameters() if name != "x_pad_token"]

    slow = torch.autograd.grad(by_stock(stock, latents, time, text, lengths).square().sum(), used)
    fast = torch.autograd.grad(
        FastTransformer(stock)(latents, time, text, lengths).square().sum(), used
    )

    for one, other in zip(fast, slow, strict=True):
        assert torch.allclose(one, other, atol=1e-3 * float(other.abs().max()))


@pytest.mark.filterwarnings("ignore:Already found a `peft_config`")
def test_same_numbers_with_adapters_on_and_off() -> None:
    torch.manual_seed(5)
    network = build_transformer(TransformerShape(width=48, heads=2, layers=2), CHANNELS, FEATURES)
    for name in ("one", "other"):
        network.add_adapter(LoraConfig(r=3, lora_alpha=5, target_modules=TARGETS), name)
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    latents, time = torch.randn(2, CHANNELS, 16, 16), torch.tensor([0.2, 0.9])
    text, lengths = torch.randn(2, 32, FEATURES), torch.tensor([7, 32])
    fast = FastTransformer(network)
    seen: list[Tensor] = []

    with torch.no_grad():
        for adapters in (["one"], ["other"], ["one", "other"], []):
            network.set_adapters(adapters) if adapters else network.disable_adapters()
            seen.append(fast(latents, time, text, lengths))
            expected = by_stock(network, latents, time, text, lengths)
            assert torch.allclose(seen[-1], expected, atol=1e-4, rtol=1e-4)

    assert not any(torch.allclose(seen[0], other) for other in seen[1:])


def test_shapes_that_would_need_padding_are_refused(stock: ZImageTransformer2DModel) -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        FastTransformer(stock)(
            torch.zeros(1, CHANNELS, 10, 10),
            torch.zeros(1),
            torch.zeros(1, 32, FEATURES),
            torch.tensor([3]),
        )
