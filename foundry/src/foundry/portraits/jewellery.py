"""Earrings."""

from collections.abc import Mapping

import numpy as np

from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.photo import Earrings
from foundry.portraits.primitives import Solid, joined, moved, sphere

RADIUS = 0.055
LINEAR_COLOUR: Mapping[Earrings, tuple[float, float, float]] = {
    "gold": (0.75, 0.5, 0.16),
    "silver": (0.7, 0.71, 0.74),
    "pearl": (0.85, 0.82, 0.78),
}


def make_earrings(pack: AssetPack, rest: Floats) -> Solid:
    """A ball below each earlobe of `rest`."""
    balls = []
    for side, outwards in (("l", 0.02), ("r", -0.02)):
        lobe = pack.target(f"ears/{side}-ear-lobe-incr").vertices
        lowest = rest[lobe[np.argmin(rest[lobe, 1])]]
        balls.append(moved(sphere(RADIUS), lowest + np.array([outwards, -0.05, 0], np.float32)))
    return joined(balls)
