"""Muon's steps are orthogonal; rates follow the plan."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from foundry.recipe import Plan
from foundry.training.optimizer import Muon, orthogonal, rate_share


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1000))
def test_singular_values_end_near_one(rows: int, columns: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    matrices = (
        torch.randn(3, rows, columns, generator=generator)
        * torch.tensor([1e-3, 1, 10])[:, None, None]
    )

    values = torch.linalg.svdvals(orthogonal(matrices, steps=12).float())

    assert float(values.min()) > 0.5
    assert float(values.max()) < 1.4


def test_kernels_of_convolutions_are_stepped_as_matrices() -> None:
    layer = nn.Conv2d(3, 8, 3, bias=False)
    before = layer.weight.detach().clone()
    optimizer = Muon([layer.weight], rate=0.1)

    layer(torch.ones(1, 3, 5, 5)).sum().backward()
    optimizer.step()

    assert layer.weight.shape == (8, 3, 3, 3)
    assert not torch.equal(layer.weight, before)


def test_weights_of_one_shape_do_not_know_of_each_other() -> None:
    torch.manual_seed(0)
    start, gradients = torch.randn(3, 6, 4), torch.randn(2, 3, 6, 4)

    def stepped(which: list[int]) -> torch.Tensor:
        weights = [nn.Parameter(start[one].clone()) for one in which]
        optimizer = Muon(weights, rate=0.1, decay=0.1)
        for gradient in gradients:
            for one, weight in zip(which, weights, strict=True):
                weight.grad = gradient[one].clone()
            optimizer.step()
        return torch.stack([weight.detach() for weight in weights])

    together = stepped([0, 1, 2])

    for one in range(3):
        assert torch.allclose(together[one], stepped([one])[0], atol=1e-2)
        assert not torch.allclose(together[one], start[one], atol=1e-2)


@pytest.mark.parametrize(
    ("step", "share"), [(0, 0.1), (9, 1.0), (50, 1.0), (79, 1.0), (90, 0.5), (99, 0.05)]
)
def test_rates_climb_stay_and_fall(step: int, share: float) -> None:
    plan = Plan(steps=100, batch=1, rate=1, matrix_rate=1, warmup=10, decay=0.2)

    assert rate_share(step, plan) == pytest.approx(share)
