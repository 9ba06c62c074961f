"""Which pixels of a photo are the person, and which of these are clothes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from likeness.engine.faces import FaceBox

# GrabCut's time grows with the pixels; its edges are good to one of these px.
LOOKED_AT = 160
ROUNDS = 3

Mask = NDArray[np.floating]
_Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Figure:
    """Masks (height, width) of a photo in 0..1 with soft edges; `clothes` lies within `person`."""

    person: Mask
    clothes: Mask


def find_figure(photo: Image.Image, face: FaceBox) -> Figure:
    """Cut the person out of a photo, and the clothes out of the person.

    Source: GrabCut (Rother, Kolmogorov and Blake, 2004) as in OpenCV, started from where head and
    shoulders are below and around a face. Patterns much like the background are missed.
    """
    scale = LOOKED_AT / max(photo.size)
    small = photo.resize(
        (max(8, round(photo.width * scale)), max(8, round(photo.height * scale))),
        Image.Resampling.BOX,
    )
    pixels = np.ascontiguousarray(np.asarray(small)[:, :, ::-1])
    place = _Place(pixels.shape[:2], face.x * scale, face.y * scale, face.side * scale)
    person = _cut(pixels, place.person_guess())
    clothes = _cut(pixels, place.clothes_guess(person)) & person
    return Figure(_full(person, photo.size), _full(clothes, photo.size))


class _Place:
    """Head and shoulders, as a guess from the face alone."""

    def __init__(self, shape: tuple[int, ...], x: float, y: float, side: float) -> None:
        height, width = shape
        rows, columns = np.mgrid[:height, :width].astype(np.float32) + 0.5
        self._across = np.abs(columns - x) / side
        self._below = (rows - y) / side
        self._edge = (rows < 2) | (columns < 2) | (columns > width - 2)

    def person_guess(self) -> _Labels:
        labels = np.full(self._across.shape, cv2.GC_PR_BGD, np.uint8)
        shoulders = (self._below > 0.55) & (
            self._across < np.minimum(0.45 + 1.6 * (self._below - 0.55), 1.4)
        )
        labels[self._head(1.25, 1.7) | shoulders] = cv2.GC_PR_FGD
        labels[self._head(0.8, 1.1) | ((self._below > 1.0) & (self._across < 0.5))] = cv2.GC_FGD
        labels[self._edge & (self._below < 0.55)] = cv2.GC_BGD
        return labels

    def clothes_guess(self, person: NDArray[np.bool_]) -> _Labels:
        labels = np.full(self._across.shape, cv2.GC_BGD, np.uint8)
        labels[person & (self._below > 0.5)] = cv2.GC_PR_BGD
        labels[person & (self._below > 0.85)] = cv2.GC_PR_FGD
        labels[person & (self._below > 1.05)] = cv2.GC_FGD
        return labels

    def _head(self, width: float, height: float) -> NDArray[np.bool_]:
        return (self._across / width * 2) ** 2 + ((self._below + 0.1) / height * 2) ** 2 < 1


def _cut(pixels: NDArray[np.uint8], labels: _Labels) -> NDArray[np.bool_]:
    sure = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    if not sure.any() or sure.all():
        return sure
    cv2.setRNGSeed(0)  # GrabCut's clusters start at random
    models = np.zeros((1, 65)), np.zeros((1, 65))
    # OpenCV's stubs do not know that a mask makes the rectangle needless.
    cv2.grabCut(pixels, labels, None, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)


def _full(mask: NDArray[np.bool_], size: tuple[int, int]) -> Mask:
    grey = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(grey, dtype=np.float32) / 255
