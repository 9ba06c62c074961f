"""A camera that moves in front of a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.moment import Moment
from likeness.engine.between import Pixels

Floats = NDArray[np.floating]


def panned(picture: Pixels, moment: Moment) -> Pixels:
    """A picture in which nothing moves, seen from where the moment's camera is."""
    return taken(picture, *seen_from(moment, picture))


def seen_from(moment: Moment, picture: Pixels) -> tuple[Floats, Floats]:
    """Which px of an unmoved camera's picture each px shows: x (height, width) and y."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    x = (x - middle_x) / np.float32(moment.closer) + np.float32(middle_x + moment.aside * width)
    y = (y - middle_y) / np.float32(moment.closer) + np.float32(middle_y)
    return x, y


def taken(picture: Pixels, x: Floats, y: Floats) -> Pixels:
    """The picture of what lies at x and y (height, width) in another; beyond its edges, it is seen
    again in a mirror."""
    across, down = x.astype(np.float32), y.astype(np.float32)
    edge = cv2.BORDER_REFLECT_101
    return np.asarray(cv2.remap(picture, across, down, cv2.INTER_CUBIC, borderMode=edge), np.uint8)
