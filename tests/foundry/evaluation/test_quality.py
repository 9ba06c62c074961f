"""The Fréchet distance of crowds whose distance is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundry.evaluation.quality import frechet_distance

Floats = np.ndarray


def crowd(seed: int, count: int = 400, features: int = 5) -> Floats:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, features)) @ rng.normal(size=(features, features))).astype("f4")


@given(st.integers(0, 500))
def test_a_crowd_is_no_distance_from_itself(seed: int) -> None:
    assert frechet_distance(crowd(seed), crowd(seed)) == pytest.approx(0, abs=1e-5)


@given(st.integers(0, 500), st.floats(-3, 3))
def test_a_shift_counts_by_its_square(seed: int, shift: float) -> None:
    moved = crowd(seed) + np.float32(shift)

    assert frechet_distance(crowd(seed), moved) == pytest.approx(5 * shift**2, abs=1e-2)


@settings(max_examples=20)
@given(st.integers(0, 500), st.floats(0.1, 3))
def test_a_wider_spread_counts_by_the_difference_of_deviations(seed: int, wider: float) -> None:
    narrow = np.random.default_rng(seed).normal(size=(4000, 3)).astype("f4")
    narrow -= narrow.mean(axis=0)
    variance = np.trace(np.cov(narrow, rowvar=False))

    expected = variance * (wider - 1) ** 2
    assert frechet_distance(narrow, wider * narrow) == pytest.approx(expected, abs=1e-4)


def test_the_order_of_crowds_does_not_matter() -> None:
    there, back = crowd(1), crowd(2)

    assert frechet_distance(there, back) == pytest.approx(frechet_distance(back, there))
