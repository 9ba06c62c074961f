"""What is not known runs on from what is."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from likeness.engine.surroundings import Mask, spread

SIDE = 40


def hole(x: int, y: int, radius: int) -> Mask:
    down, across = np.mgrid[:SIDE, :SIDE]
    return (across - x) ** 2 + (down - y) ** 2 <= radius**2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, SIDE), st.integers(0, SIDE), st.integers(0, 15), st.integers(0, 99))
def test_what_is_known_stays_and_the_rest_lies_within_it(
    x: int, y: int, radius: int, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(size=(SIDE, SIDE, 2)).astype(np.float32)
    known = ~hole(x, y, radius)

    filled = spread(np.where(known[..., None], values, 1e3).astype(np.float32), known)

    assert np.array_equal(filled[known], values[known])
    low, high = values[known].min(axis=0), values[known].max(axis=0)
    assert (filled[~known] >= low - 0.01).all() and (filled[~known] <= high + 0.01).all()


def test_a_slope_goes_on_into_a_hole() -> None:
    slope = np.tile(np.arange(SIDE, dtype=np.float32)[:, None, None], (1, SIDE, 2))
    known = ~hole(20, 20, 6)

    filled = spread(slope, known)

    assert np.abs(filled - slope).max() < 4
    steps = np.abs(np.diff(filled[..., 0], axis=0))
    assert steps.max() < 3, "there is no seam"


def test_where_nothing_is_known_it_stays() -> None:
    values = np.ones((SIDE, SIDE, 2), np.float32)

    assert np.array_equal(spread(values, np.zeros((SIDE, SIDE), bool)), values)
