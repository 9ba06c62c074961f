"""The plate of a picture: the same without the figure, as film makers shoot it to put others in."""

from typing import cast

import cv2
import numpy as np

from likeness.engine.between import Pixels
from likeness.engine.figure import Mask
from likeness.engine.surroundings import spread


def plate_of(picture: Pixels, figure: Mask) -> Pixels:
    """A picture (height, width, 3) in which what surrounds the figure (rows, columns) runs on into
    it; all else is as it was."""
    if figure.all():
        return picture
    height, width = picture.shape[:2]
    rows, columns = figure.shape
    small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    large = cv2.resize(spread(small, ~figure), (width, height), interpolation=cv2.INTER_CUBIC)
    hole = cv2.resize(figure.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    filled = np.clip(np.rint(large), 0, 255).astype(np.uint8)
    return cast(Pixels, np.where(hole[..., None] > 0, filled, picture))
