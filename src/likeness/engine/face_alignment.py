"""Upright crops of faces, by five landmarks."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

TEMPLATE: Points = np.array(
    [[0.385, 0.46], [0.615, 0.46], [0.5, 0.585], [0.41, 0.69], [0.59, 0.69]]
)
"""Where the eyes, the nose tip and the corners of the mouth come to lie, left ones first, in
shares of the crop's side: there is room for hair above and beside the face, and for the chin."""

MIRRORED = (1, 0, 2, 4, 3)  # the order of landmarks in a mirror image
FITTED = [0, 1, 3, 4]  # without the nose: seen from the side, it would turn the crop
NOTHING = (128, 128, 128)  # what is beyond the photo's edge


def similarity(source: Points, target: Points) -> Points:
    """The matrix (2, 3) of scale, rotation and shift that takes `source` (n, 2) nearest to
    `target` (n, 2) by least squares (Umeyama, 1991), without mirroring.

    In the plane this is one complex quotient: z ↦ a z + b.
    """
    z = (source - source.mean(axis=0)) @ np.array([1, 1j])
    w = (target - target.mean(axis=0)) @ np.array([1, 1j])
    a = np.vdot(z, w) / max(float(np.vdot(z, z).real), 1e-12)
    linear = np.array([[a.real, -a.imag], [a.imag, a.real]])
    shift = target.mean(axis=0) - linear @ source.mean(axis=0)
    return np.concatenate([linear, shift[:, None]], axis=1)


def align(photo: Pixels, landmarks: Points, side: int) -> Pixels:
    """The upright crop (side, side, 3) around the face with `landmarks` (5, 2), in px of `photo`.

    Pixel (i, j) covers [j, j + 1) × [i, i + 1). A large face is shrunk by areas first: without
    that, single pixels would be picked out of it.
    """
    left, top, right, bottom = bounds(landmarks, photo.shape[1], photo.shape[0])
    if right <= left or bottom <= top:
        return np.full((side, side, 3), NOTHING, np.uint8)
    photo, landmarks = photo[top:bottom, left:right], landmarks - (left, top)
    shrink = math.hypot(*_to_crop(landmarks, side)[:, 0])
    if shrink < 0.7:
        height, width = photo.shape[:2]
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        photo = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)
        landmarks = landmarks * (size[0] / width, size[1] / height)
    matrix = _to_crop(landmarks, side)
    # OpenCV counts from the middle of the first pixel.
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    crop = cv2.warpAffine(photo, matrix, (side, side), borderValue=NOTHING)
    return np.asarray(crop, np.uint8)


def bounds(landmarks: Points, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom, in px, of what the crop shows of a photo of this size: nothing
    where all landmarks are in one place."""
    matrix = _to_crop(landmarks, 1)
    if not matrix[:, :2].any():
        return 0, 0, 0, 0
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    corners = np.linalg.solve(matrix[:, :2], (corners - matrix[:, 2]).T).T
    left, top = np.floor(corners.min(axis=0) - 2).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0) + 2).astype(int).tolist()
    return max(0, left), max(0, top), min(width, right), min(height, bottom)


def _to_crop(landmarks: Points, side: int) -> Points:
    return similarity(landmarks[FITTED], TEMPLATE[FITTED] * side)
