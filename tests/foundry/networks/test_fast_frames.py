"""Frames encoded and decoded at once are what the stock class makes of them piece by piece."""

from typing import Any, cast

import torch
from torch import nn

from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import FramesShape, build_frames, normalised, set_statistics

SHAPE = FramesShape(width=8, latent_channels=4)


def build_any() -> nn.Module:
    """Of random weights, but for those that look at other frames."""
    stock = cast(nn.Module, build_frames(SHAPE))
    generator = torch.Generator().manual_seed(1)
    for weight in stock.parameters():
        now = weight.data[:, :, -1:] if weight.ndim == 5 else weight.data
        nn.init.normal_(now, std=0.2, generator=generator)
    return stock


def test_it_equals_the_stock_class() -> None:
    stock: Any = build_any()
    generator = torch.Generator().manual_seed(2)
    clips = torch.rand(2, 3, 9, 32, 48, generator=generator) * 2 - 1
    fast = FastFrames(stock)

    with torch.no_grad():
        mean, log_variance = fast.encode(clips.transpose(1, 2).flatten(0, 1))
        expected = stock.encode(clips).latent_dist
        decoded = fast.decode(mean)
        whole = stock.decode(expected.mean, return_dict=False)[0]

    assert expected.mean.shape == (2, 4, 9, 4, 6)
    scale = float(expected.mean.abs().max())
    for mine, theirs in ((mean, expected.mean), (log_variance, expected.logvar)):
        assert torch.allclose(mine, theirs.transpose(1, 2).flatten(0, 1), atol=1e-4 * scale)
    whole = whole.transpose(1, 2).flatten(0, 1)
    assert decoded.shape == whole.shape == (18, 3, 32, 48)
    assert torch.allclose(decoded.clamp(-1, 1), whole, atol=1e-4 * float(decoded.abs().max()))
    assert float(whole.abs().min()) < 0.9, "not everything is cut off"


def test_gradients_reach_every_weight_that_is_not_about_other_frames() -> None:
    torch.manual_seed(0)
    stock = build_frames(SHAPE)
    fast = FastFrames(stock)
    mean, log_variance = fast.encode(torch.rand(2, 3, 16, 16))

    (fast.decode(mean).square().mean() + log_variance.square().mean()).backward()

    for name, weight in stock.named_parameters():
        assert weight.grad is not None, name
        if weight.ndim == 5:
            assert not weight.data[:, :, :-1].any() and not weight.grad[:, :, :-1].any(), name


def test_statistics_are_those_of_the_latents() -> None:
    stock = build_frames(SHAPE)
    means = torch.randn(6, 4, 4, 4) * 3 + torch.arange(4).view(1, -1, 1, 1)

    set_statistics(stock, means)

    seen = normalised(stock, means)
    assert torch.allclose(seen.mean(dim=(0, 2, 3)), torch.zeros(4), atol=1e-4)
    assert abs(float(seen.std()) - 1) < 1e-2
    assert len({*stock.config["latents_std"]}) == 1, "no channel is made louder than it was"
