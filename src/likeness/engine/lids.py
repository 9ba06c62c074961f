"""Lids: skin that comes down over the eyes of a picture.

The rig has eyes like anybody's, and the lids of others are elsewhere by as much as eyes are open.
So lids are moved in the picture itself, from well above where they can be.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.moment import Moment
from likeness.engine.head_fit import HeadFit
from likeness.engine.rig import Rig

UNITS = ("eye-right-closure", "eye-left-closure")
"""Of the eye on the left of the picture, and the other."""

ABOVE, BELOW, ASIDE = 0.08, 0.075, 0.17
"""dm from the middle of an iris: up to where the skin ends that comes down, down to the lower lid,
and to the corners."""

SKIN = 0.035
"""dm of skin that is stretched."""

LEAST = 0.02

Floats = NDArray[np.floating]


def opened(moment: Moment) -> Moment:
    """The moment with lids that are not shut."""
    return replace(moment, weights={**moment.weights, **dict.fromkeys(UNITS, 0.0)})


class Lids:
    """The lids of a face that a fit of the rig covers."""

    def __init__(self, rig: Rig, fit: HeadFit) -> None:
        self._fit = fit
        self._eyes = fit.flat(rig.landmarks(fit.start)[:2])
        self._back = np.linalg.inv(fit.along)
        roll = np.radians(fit.start.roll)
        narrow = max(np.cos(np.radians(fit.start.yaw)), 0.3)
        self._across = np.array([np.cos(roll), -np.sin(roll)]) / narrow
        self._down = np.array([np.sin(roll), np.cos(roll)])

    def shut(self, x: Floats, y: Floats, moment: Moment) -> tuple[Floats, Floats]:
        """Of px of the picture, (height, width) each, those that take their place when lids are as
        at a moment."""
        for eye, unit in zip(self._eyes, UNITS, strict=True):
            share = moment.weights.get(unit, 0.0) - self._fit.start.weights.get(unit, 0.0)
            if share > LEAST:
                x, y = self._one_shut(x, y, eye, min(share, 1.0))
        return x, y

    def _one_shut(self, x: Floats, y: Floats, eye: Floats, share: float) -> tuple[Floats, Floats]:
        middle = eye @ self._fit.along + self._fit.at
        reach = 2 * ASIDE * self._fit.scale
        rows, columns = np.nonzero(
            (np.abs(x - middle[0]) < reach) & (np.abs(y - middle[1]) < reach)
        )
        spots = np.stack([x[rows, columns], y[rows, columns]], axis=1)
        place = (spots - self._fit.at) @ self._back - eye
        across, down = place @ self._across, place @ self._down
        arch = np.sqrt(np.clip(1 - (across / ASIDE) ** 2, 0, 1))
        edge, lower = -ABOVE * arch, BELOW * arch
        lid = edge + (lower - edge) * share
        top = edge - SKIN
        skin = (down > top) & (down < lid)
        risen = top + (down - top) * SKIN / (lid - top)
        by = np.where(skin, risen - down, 0.0)[:, None] * self._down @ self._fit.along
        x, y = x.copy(), y.copy()
        x[rows, columns] += by[:, 0]
        y[rows, columns] += by[:, 1]
        return x, y
