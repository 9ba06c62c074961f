"""The figure is found with the hair and the hat that a rig has not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likeness.engine.between import Pixels
from likeness.engine.figure import Mask, figure_of

ROWS, COLUMNS, HEAD = 90, 100, 30.0


def disc(x: int, y: int, radius: int) -> Mask:
    down, across = np.mgrid[:ROWS, :COLUMNS]
    return (across - x) ** 2 + (down - y) ** 2 < radius**2


def painted(figure: Mask, colour: int = 40, noise: int = 0) -> Pixels:
    picture = np.full((ROWS, COLUMNS, 3), 180, np.uint8)
    picture[figure] = (colour, colour // 2, 20)
    rng = np.random.default_rng(noise)
    return (picture + rng.integers(0, 12, picture.shape)).astype(np.uint8)


@pytest.mark.parametrize("bun", [(50, 24), (68, 36)])
def test_hair_beside_the_rig_is_of_the_figure(bun: tuple[int, int]) -> None:
    rig = disc(50, 45, 15)
    whole = rig | disc(*bun, 9)

    found = figure_of(painted(whole), rig, HEAD)

    assert (found == whole).mean() > 0.97
    assert found[disc(*bun, 6)].mean() > 0.95


def test_what_looks_alike_elsewhere_is_not() -> None:
    rig = disc(40, 45, 15)
    other = disc(70, 45, 6)

    found = figure_of(painted(rig | other), rig, HEAD)

    assert not found[other].any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 255), st.integers(0, 1000))
def test_the_rig_is_always_of_it_and_the_same_is_found_again(colour: int, noise: int) -> None:
    rig = disc(50, 45, 15)
    picture = painted(rig, colour, noise)

    found = figure_of(picture, rig, HEAD)

    assert found[rig].all()
    assert np.array_equal(found, figure_of(picture, rig, HEAD))


@pytest.mark.parametrize("rig", [np.zeros((ROWS, COLUMNS), bool), np.ones((ROWS, COLUMNS), bool)])
def test_where_there_is_nothing_to_tell_apart_it_is_the_rig(rig: Mask) -> None:
    assert np.array_equal(figure_of(painted(disc(50, 45, 9)), rig, HEAD), rig)
