"""Behind the figure is what surrounds it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from likeness.engine.between import Pixels
from likeness.engine.figure import Mask
from likeness.engine.plate import plate_of

SIDE, CELLS = 96, 48


def disc(x: float, y: float, radius: float) -> Mask:
    down, across = np.mgrid[:CELLS, :CELLS]
    return (across - x) ** 2 + (down - y) ** 2 < radius**2


def large(mask: Mask) -> Mask:
    return np.kron(mask, np.ones((SIDE // CELLS, SIDE // CELLS), bool))


def slope() -> Pixels:
    ramp = np.linspace(40, 200, SIDE)
    return np.stack([np.tile(ramp, (SIDE, 1))] * 3, axis=2).astype(np.uint8)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, CELLS), st.floats(0, CELLS), st.floats(0, 20), st.integers(0, 100))
def test_all_else_is_as_it_was(x: float, y: float, radius: float, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    figure = disc(x, y, radius)

    plate = plate_of(picture, figure)

    assert np.array_equal(plate[~large(figure)], picture[~large(figure)])


def test_nothing_of_the_figure_is_left_and_its_surroundings_go_on() -> None:
    figure = disc(24, 24, 10)
    behind = slope()
    picture = behind.copy()
    picture[large(figure)] = (255, 0, 0)

    plate = plate_of(picture, figure)

    assert np.abs(plate.astype(int) - behind)[large(figure)].max() < 40
    assert np.ptp(plate[large(figure)].astype(int), axis=1).max() < 8, "no red is left"


def test_where_there_is_nothing_else_it_is_the_picture() -> None:
    picture = slope()

    assert np.array_equal(plate_of(picture, np.ones((CELLS, CELLS), bool)), picture)
