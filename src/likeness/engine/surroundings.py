"""What is not known of a picture, after what surrounds it."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

WIDTHS = (64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
"""Cells of the neighbourhoods that say, from far away to beside it, what a cell is like."""

ENOUGH = 0.3
"""Share of a neighbourhood that must be known to say all, and not only a part."""


def spread(values: Floats, known: Mask) -> Floats:
    """Values (rows, columns, two or more) that run on where they are not known, ever softer; where
    all is far from what is known, they stay."""
    share = known.astype(np.float32)
    weighed, filled = values * share[..., None], values
    for width in WIDTHS:
        around = cv2.GaussianBlur(share, (0, 0), width)[..., None]
        near = cv2.GaussianBlur(weighed, (0, 0), width) / np.maximum(around, 1e-6)
        filled = filled + np.minimum(around / ENOUGH, 1) * (near - filled)
    return cast(Floats, np.where(known[..., None], values, filled))
