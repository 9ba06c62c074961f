"""Clips encoded and decoded at once are what the stock class makes of them piece by piece."""

from typing import Any, cast

import pytest
import torch

from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import (
    FramesShape,
    build_frames,
    moments_of,
    normalised,
    set_statistics,
)

SHAPE = FramesShape(width=8, latent_channels=4)


@pytest.mark.parametrize("frames", [5, 13])
def test_it_equals_the_stock_class(frames: int) -> None:
    torch.manual_seed(0)
    stock, generator = build_frames(SHAPE), torch.Generator().manual_seed(1)
    for weight in stock.parameters():
        torch.nn.init.normal_(weight, std=0.2, generator=generator)
    clips = torch.rand(2, 3, frames, 32, 48, generator=generator) * 2 - 1
    fast = FastFrames(stock)

    with torch.no_grad():
        mean, log_variance = fast.encode(clips)
        expected = cast(Any, stock).encode(clips).latent_dist
        decoded = fast.decode(mean)
        whole = stock.decode(mean, return_dict=False)[0]

    assert mean.shape == (2, 4, moments_of(frames), 4, 6)
    scale = float(expected.mean.abs().max())
    assert torch.allclose(mean, expected.mean, atol=1e-4 * scale)
    assert torch.allclose(log_variance, expected.logvar, atol=1e-4 * scale)
    assert decoded.shape == clips.shape
    assert torch.allclose(decoded.clamp(-1, 1), whole, atol=1e-4 * float(decoded.abs().max()))
    assert float(whole.abs().min()) < 0.9, "not everything is cut off"


def test_gradients_reach_every_weight() -> None:
    torch.manual_seed(0)
    stock = build_frames(SHAPE)
    fast = FastFrames(stock)
    mean, log_variance = fast.encode(torch.rand(1, 3, 9, 16, 16))

    (fast.decode(mean).square().mean() + log_variance.square().mean()).backward()

    without = [name for name, weight in stock.named_parameters() if weight.grad is None]
    assert not without


def test_statistics_are_those_of_the_latents() -> None:
    stock = build_frames(SHAPE)
    means = torch.randn(3, 4, 2, 4, 4) * 3 + torch.arange(4).view(1, -1, 1, 1, 1)

    set_statistics(stock, means)

    seen = normalised(stock, means)
    assert torch.allclose(seen.mean(dim=(0, 2, 3, 4)), torch.zeros(4), atol=1e-4)
    assert abs(float(seen.std()) - 1) < 1e-2
    assert len({*stock.config["latents_std"]}) == 1, "no channel is made louder than it was"
