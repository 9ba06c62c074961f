"""Pictures of a disc that moves."""

import numpy as np

from likeness.engine.between import Pixels

SIDE = 40


def scene(left: int) -> Pixels:
    """A soft disc with a pattern in front of a ramp, `left` px from the left edge."""
    height, width = 120, 200
    down, across = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([60 + across / 4, 60 + down / 3, np.full_like(down, 90)], axis=2)
    away = np.hypot(across - left - SIDE / 2, down - 60)
    disc = np.clip((SIDE / 2 - away) / 2, 0, 1)[..., None]
    pattern = 160 + 50 * np.sin((across - left) / 5) * np.cos(down / 6)
    picture = (1 - disc) * picture + disc * pattern[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def middle(picture: Pixels) -> float:
    """How far to the right the disc is, in px."""
    bright = (picture[..., 2] > 115).nonzero()[1]
    return float(bright.mean())


def apart(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(np.float32) - other).mean())
