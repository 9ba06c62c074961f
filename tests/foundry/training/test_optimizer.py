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
    matrix = torch.randn(rows, columns, generator=generator)

    values = torch.linalg.svdvals(orthogonal(matrix, steps=12).float())

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


@pytest.mark.parametrize(
    ("step", "share"), [(0, 0.1), (9, 1.0), (50, 1.0), (79, 1.0), (90, 0.5), (99, 0.05)]
)
def test_rates_climb_stay_and_fall(step: int, share: float) -> None:
    plan = Plan(steps=100, batch=1, rate=1, matrix_rate=1, warmup=10, decay=0.2)

    assert rate_share(step, plan) == pytest.approx(share)
