"""The pictures between two pictures: what moves is moved, not faded."""

import numpy as np
import pytest
from tests.engine.discs import apart, middle, scene

from likeness.engine.between import between, filled, flow_between, moved


@pytest.mark.parametrize("way", [4, 12])
def test_what_moves_is_found_on_its_way(way: int) -> None:
    start, end = scene(60), scene(60 + way)
    shares = (0.25, 0.5, 0.75)

    for share, picture in zip(shares, between(start, end, shares), strict=True):
        faded = ((1 - share) * start.astype(np.float32) + share * end).astype(np.uint8)
        wanted = scene(round(60 + share * way))
        assert middle(picture) == pytest.approx(middle(wanted), abs=1)
        assert apart(picture, wanted) < 0.5 * apart(faded, wanted)


def test_nothing_moves_between_equal_pictures() -> None:
    picture = scene(60)

    for one in between(picture, picture, (0.3, 0.6)):
        assert apart(one, picture) < 0.5


def test_flow_leads_back() -> None:
    start, end = scene(60), scene(66)

    assert apart(moved(end, flow_between(start, end)), start) < 0.3 * apart(end, start)


def test_pictures_are_filled_in_between_places() -> None:
    pictures = [scene(60), scene(64), scene(64), scene(68)]

    every = list(filled(iter(pictures), [0, 3, 3, 5]))

    assert len(every) == 6
    assert np.array_equal(every[0], pictures[0])
    assert np.array_equal(every[3], pictures[1])
    assert np.array_equal(every[5], pictures[3])
