"""How alike two heads look, whatever is behind them. For tests: it knows no faces, only pixels.

The face is found by the cascade, brought to one size, and described twice inside an ellipse from
brows to chin and ear to ear, where no background is: by the colours of its parts (skin, hair line,
brows, beard and where they are) and by the directions of its edges (features and outlines).

It is a weak measure of identity, and strong enough for four people who differ. Ellipse, weights
and absolute lightness were chosen on the example people: of their 64 training photos 62 are
nearest to the held-out photos of the same person (45 of 64 with an ellipse that takes in all of
the hair and some background). `test_measure.py` holds it to that, and to hardly seeing a
background that was changed.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from likeness.engine.cascade import find_face
from likeness.engine.faces import FaceBox

SIDE = 96
CELL = 12
DIRECTIONS = 6
# The ellipse in sides of the cascade's box, and how far its middle is above that of the box.
WIDTH, HEIGHT, RISE = 1.0, 1.25, 0.05
# Colours are counted in units of 20 in CIE L*a*b*; edges relative to a head's own strength.
COLOUR_UNIT, EDGE_WEIGHT = 20.0, 0.6

Features = NDArray[np.float64]


@dataclass(frozen=True)
class Portrait:
    """A picture with the face in it; `found` is False where the face had to be assumed."""

    features: Features
    found: bool


def portrait(picture: Image.Image) -> Portrait:
    """Describe the head in a picture."""
    picture = picture.convert("RGB")
    face = find_face(picture)
    box = face or FaceBox(picture.width * 0.5, picture.height * 0.45, picture.width * 0.42)
    return Portrait(_features(_head(picture, box)), face is not None)


def distance(one: Portrait, other: Portrait) -> float:
    """How unlike two heads are: 0 is the same picture."""
    return float(np.sqrt(np.mean((one.features - other.features) ** 2)))


def distance_to_all(one: Portrait, others: list[Portrait]) -> float:
    """The mean distance to several portraits of one person."""
    return float(np.mean([distance(one, other) for other in others]))


def _head(picture: Image.Image, face: FaceBox) -> NDArray[np.uint8]:
    half_width, half_height = face.side * WIDTH / 2, face.side * HEIGHT / 2
    middle = face.y - RISE * face.side
    box = (face.x - half_width, middle - half_height, face.x + half_width, middle + half_height)
    # transform, not crop and resize: a head may reach beyond the picture
    across, down = (box[2] - box[0]) / SIDE, (box[3] - box[1]) / SIDE
    # mini's pictures are 128 px: finer detail than they can hold must not count
    soft = picture.filter(ImageFilter.GaussianBlur(picture.width / 128))
    return np.asarray(
        soft.transform(
            (SIDE, SIDE),
            Image.Transform.AFFINE,
            (across, 0, box[0], 0, down, box[1]),
            Image.Resampling.BICUBIC,
        )
    )


def _features(head: NDArray[np.uint8]) -> Features:
    rows, columns = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE * 2 - 1
    inside = (np.hypot(rows, columns) < 1).astype(np.float64)
    lab = cv2.cvtColor(head.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)
    cells = _pooled(inside)
    seen = cells > 0.4
    colours = [_pooled(lab[..., part] * inside)[seen] / cells[seen] for part in range(3)]
    edges = _edges(lab[..., 0], inside)[:, seen].ravel()
    return np.concatenate([*(part / COLOUR_UNIT for part in colours), EDGE_WEIGHT * edges])


def _edges(light: NDArray[np.float64], inside: NDArray[np.float64]) -> NDArray[np.float64]:
    """How strong edges of each direction are in each cell: (directions, cells, cells)."""
    down, across = np.gradient(light)
    strength = np.hypot(down, across) * inside
    direction = (np.arctan2(down, across) % np.pi) / np.pi * DIRECTIONS
    half = DIRECTIONS / 2
    away = [np.abs((direction - k + half) % DIRECTIONS - half) for k in range(DIRECTIONS)]
    parts = np.stack([_pooled(strength * np.clip(1 - gap, 0, 1)) for gap in away])
    return parts / (np.sqrt((parts**2).mean()) + 1e-6)


def _pooled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    count = SIDE // CELL
    return values.reshape(count, CELL, count, CELL).mean(axis=(1, 3))
