"""A rig is as wide as the head that it is laid over, and turned as it is."""

import cv2
import numpy as np
import pytest

from likeness.engine.between import Pixels
from likeness.engine.figure import FigureReader
from likeness.engine.head_fit import HeadFit
from likeness.engine.outline import within_outline
from likeness.engine.rig import WHOLLY, Rig

SIDE = 160
SPOTS = SIDE * np.array([(0.4, 0.42), (0.6, 0.42), (0.5, 0.53), (0.43, 0.63), (0.57, 0.63)])
PICTURE: Pixels = np.zeros((SIDE, SIDE, 3), np.uint8)


class Reader(FigureReader):
    """Sees somebody where it is told."""

    def __init__(self, figure: Pixels) -> None:
        self._figure = figure

    def likely(
        self, picture: Pixels, middle: tuple[float, float], width: float
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        rows, columns = picture.shape[:2]
        return cv2.resize(self._figure, (columns, rows)).astype(np.float32)


def seen_by(rig: Rig, fit: HeadFit) -> Reader:
    """A reader that sees a head as a rig has it, and what is below."""
    figure = np.zeros((SIDE, SIDE), np.uint8)
    head = fit.project(rig.points(fit.start)[rig.follows > WHOLLY])
    cv2.fillConvexPoly(figure, cv2.convexHull(head.astype(np.float32)).astype(np.int32), 1)
    return Reader(figure)


@pytest.fixture(scope="module")
def fit(rig: Rig) -> HeadFit:
    return HeadFit.on(rig, SPOTS, 0, "neutral")


def width_of(rig: Rig) -> float:
    return float(np.ptp(rig.rest[rig.follows > WHOLLY, 0]))


@pytest.mark.parametrize("share", [1.0, 0.9, 0.8])
def test_it_is_as_narrow_as_the_head(rig: Rig, fit: HeadFit, share: float) -> None:
    laid, _ = within_outline(rig, fit, SPOTS, seen_by(rig.shaped(share, 1), fit), PICTURE)

    assert width_of(laid) / width_of(rig) == pytest.approx(share, abs=0.051)


def test_it_is_as_low_as_the_head(rig: Rig, fit: HeadFit) -> None:
    laid, _ = within_outline(rig, fit, SPOTS, seen_by(rig.shaped(1, 0.84), fit), PICTURE)

    assert laid.rest[:, 1].max() < rig.rest[:, 1].max() - 0.07


@pytest.mark.parametrize("degrees", [-9, 0, 9])
def test_it_is_turned_as_the_head(rig: Rig, fit: HeadFit, degrees: float) -> None:
    truly = fit.turned(rig, SPOTS, degrees)

    _, laid = within_outline(rig, fit, SPOTS, seen_by(rig, truly), PICTURE)

    assert laid.start.yaw == pytest.approx(truly.start.yaw, abs=6.1)
    assert abs(laid.start.yaw - fit.start.yaw) >= abs(degrees) / 3


def test_hair_around_it_changes_nothing(rig: Rig, fit: HeadFit) -> None:
    everywhere = Reader(np.ones((SIDE, SIDE), np.uint8))

    laid, same = within_outline(rig, fit, SPOTS, everywhere, PICTURE)

    assert np.array_equal(laid.rest, rig.rest)
    assert same.start == fit.start and np.allclose(same.along, fit.along)


def test_a_narrower_rig_has_the_same_face(rig: Rig, fit: HeadFit) -> None:
    narrowed = rig.shaped(0.8, 0.9)

    assert np.allclose(narrowed.landmarks(fit.start), rig.landmarks(fit.start))
    assert width_of(narrowed) == pytest.approx(0.8 * width_of(rig), rel=0.01)
    assert narrowed.rest[:, 1].max() < rig.rest[:, 1].max() - 0.09
    body = rig.follows == 0
    assert np.array_equal(narrowed.rest[body], rig.rest[body])
    assert np.array_equal(rig.shaped(1, 1).rest, rig.rest)
