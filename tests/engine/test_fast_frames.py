"""Frames encoded and decoded at once are what the stock class makes of them piece by piece."""

from typing import Any

import pytest
import torch
from tests.support.tiny_wan import tiny_frames
from torch import nn

from likeness.engine.fast_frames import FastFrames, knows_frames_alone


@pytest.fixture
def stock() -> Any:
    """Of random weights, but for those that look at other frames."""
    stock: Any = tiny_frames()
    generator = torch.Generator().manual_seed(1)
    for weight in stock.parameters():
        now = weight.data[:, :, -1:] if weight.ndim == 5 else weight.data
        nn.init.normal_(now, std=0.2, generator=generator)
    return stock


def test_it_equals_the_stock_class(stock: Any) -> None:
    generator = torch.Generator().manual_seed(2)
    clips = torch.rand(2, 3, 9, 32, 48, generator=generator) * 2 - 1
    fast = FastFrames(stock)

    with torch.no_grad():
        mean, log_variance = fast.encode(clips.transpose(1, 2).flatten(0, 1))
        expected = stock.encode(clips).latent_dist
        decoded = fast.decode(mean)
        whole = stock.decode(expected.mean, return_dict=False)[0]

    assert expected.mean.shape == (2, 16, 9, 4, 6)
    scale = float(expected.mean.abs().max())
    for mine, theirs in ((mean, expected.mean), (log_variance, expected.logvar)):
        assert torch.allclose(mine, theirs.transpose(1, 2).flatten(0, 1), atol=1e-4 * scale)
    whole = whole.transpose(1, 2).flatten(0, 1)
    assert decoded.shape == whole.shape == (18, 3, 32, 48)
    assert torch.allclose(decoded.clamp(-1, 1), whole, atol=1e-4 * float(decoded.abs().max()))
    assert float(whole.abs().min()) < 0.9, "not everything is cut off"


def test_gradients_reach_every_weight_that_is_not_about_other_frames(stock: Any) -> None:
    fast = FastFrames(stock)
    mean, log_variance = fast.encode(torch.rand(2, 3, 16, 16))

    (fast.decode(mean).square().mean() + log_variance.square().mean()).backward()

    for name, weight in stock.named_parameters():
        assert weight.grad is not None, name
        if weight.ndim == 5:
            assert not weight.data[:, :, :-1].any() and not weight.grad[:, :, :-1].any(), name


def test_it_runs_only_what_looks_at_no_other_frame(stock: Any) -> None:
    assert knows_frames_alone(stock)
    stock.decoder.conv_in.weight.data[0, 0, 0] = 1

    assert not knows_frames_alone(stock)
