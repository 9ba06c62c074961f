"""Movements: fields that say where each pixel of a moved picture comes from."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import cast

import cv2
import numpy as np

from likeness.engine.between import Flow, Pixels, enlarged, flow_between, moved

LOOKED_AT = 256
"""The longer side in px of pictures in which a movement is looked for, and of its fields."""

SMOOTH = 0.025
"""What is finer in a field, as a share of that side, is chance."""

SMALLEST = 0.3
"""Share of its area that a spot of a picture may shrink to; with less, the picture tears."""


def field_between(still: Pixels, now: Pixels) -> Flow:
    """How a picture moves that moves as `now` has from `still`, and is not torn; both of one
    size."""
    height, width = still.shape[:2]
    scale = LOOKED_AT / max(height, width)
    size = (round(width * scale), round(height * scale))
    large = [cv2.resize(one, size, interpolation=cv2.INTER_CUBIC) for one in (now, still)]
    flow = flow_between(cast(Pixels, large[0]), cast(Pixels, large[1]))
    field = _smoother(flow)
    while tears(field):
        field = _smoother(field)
    return field


def tears(field: Flow) -> bool:
    """Whether a picture that is moved by it is folded over itself, or nearly."""
    (across_down, across), (down_down, down) = (np.gradient(field[..., axis]) for axis in (0, 1))
    area = (1 + across) * (1 + down_down) - across_down * down
    return bool(area.min() < SMALLEST)


def _smoother(field: Flow) -> Flow:
    return cast(Flow, cv2.GaussianBlur(field, (0, 0), SMOOTH * LOOKED_AT))


class Movement:
    """A movement, by fields of one size (height, width, 2) by which a picture moves, each of which
    goes farther."""

    def __init__(self, fields: Sequence[Flow]) -> None:
        self._fields = [np.zeros_like(fields[0]), *fields] if fields else []
        ways = [length(other - one) for one, other in pairwise(self._fields)]
        self._marks = [0.0, *accumulate(ways)]

    def on(self, picture: Pixels, share: float) -> Pixels:
        """A picture that has moved so far: 0 is not at all, 1 is as far as it goes."""
        if not self._fields or not share:
            return picture
        every = range(len(self._fields))
        place = float(np.interp(share * self._marks[-1], self._marks, every))
        before = min(int(place), every[-2])
        rest = np.float32(place - before)
        field = (1 - rest) * self._fields[before] + rest * self._fields[before + 1]
        height, width = picture.shape[:2]
        return moved(picture, enlarged(cast(Flow, field), width, height))


def length(field: Flow) -> float:
    """How far what moves most is moved, in px."""
    return float(np.percentile(np.hypot(field[..., 0], field[..., 1]), 98))
