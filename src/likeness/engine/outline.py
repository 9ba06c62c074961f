"""The rig as wide and high as a head is, and turned as it is, by its outline."""

from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from likeness.engine.between import Pixels
from likeness.engine.figure import FigureReader
from likeness.engine.head_fit import HeadFit, Spots
from likeness.engine.rig import WHOLLY, Rig
from likeness.engine.rig_view import CELLS, HEAD

TURNS = range(-12, 13, 3)
"""Degrees by which a head may be turned otherwise than its face seems to be."""
WIDTHS, HEIGHTS = (1.0, 0.95, 0.9, 0.85, 0.8), (1.0, 0.92, 0.84)
"""How wide it may be, and how high above the eyes, beside the rig's."""

UNTURNED, UNSHAPED = 7200, 0.25
"""What those cost, in squares of a head's width that are outside: the square of degrees by which it
is turned is divided by the one, what is taken of its width or height multiplied by the other."""


def within_outline(
    rig: Rig, fit: HeadFit, landmarks: Spots, figures: FigureReader, picture: Pixels
) -> tuple[Rig, HeadFit]:
    """The rig, and its fit to landmarks (5, 2) in a picture (height, width, 3), changed so that
    little of its head is where nobody is. A face tells neither how wide a head is, nor to some
    degrees how far it is turned; and hair hides that it is too narrow, not that it is too wide."""
    scale = min(CELLS / (HEAD * fit.scale), 1.0)
    head = scale * HEAD * fit.scale
    height, width = picture.shape[:2]
    size = max(1, round(scale * width)), max(1, round(scale * height))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = (scale * fit.middle(rig)).tolist()
    nobody = figures.likely(small, (x, y), head) < 0.5
    found: list[tuple[float, Rig, HeadFit]] = []
    for wide, high in product(WIDTHS, HEIGHTS):
        shaped = rig.shaped(wide, high)
        for turn in sorted(TURNS, key=abs):
            turned = fit.turned(shaped, landmarks, turn)
            outside = nobody & _covered(shaped, turned, scale, nobody.shape)
            costs = turn**2 / UNTURNED + UNSHAPED * (2 - wide - high)
            found.append((outside.sum() / head**2 + costs, shaped, turned))
    _, best, laid = min(found, key=lambda one: one[0])
    return best, laid


def _covered(rig: Rig, fit: HeadFit, scale: float, shape: Sequence[int]) -> NDArray[np.bool_]:
    """The cells (rows, columns) that the skull is in, and what is between its ears and its jaw."""
    spots = scale * fit.project(rig.points(fit.start)[rig.follows > WHOLLY])
    hull = cv2.convexHull(spots.astype(np.float32)).astype(np.int32)
    covered = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(covered, hull, 1)
    return covered > 0
