"""The camera: where it stands for a photo, how it moves from there, and what it projects where."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundry.portraits.draw import between
from foundry.portraits.pack import Floats
from foundry.portraits.photo import Frame, Photo
from likeness.engine.acting.moment import Moment

Matrix = NDArray[np.float64]

EXTENT: Mapping[Frame, float] = {"close-up": 3.5, "portrait": 4.5, "upper body": 5.5}  # dm
ABOVE_EYES: Mapping[Frame, float] = {"close-up": 1.72, "portrait": 1.85, "upper body": 1.9}
HEAD_WIDTH = 1.5


@dataclass(frozen=True)
class Camera:
    """`view` (4, 4) takes world to clip coordinates; `eye` (3,) is where the camera stands."""

    view: Matrix
    eye: Floats

    def project(self, points: Floats, size: int) -> Floats:
        """Points (K, 3) to pixels (K, 2): x to the right, y downwards."""
        clip = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ self.view.T
        x, y = (clip[:, :2] / clip[:, 3:]).T
        return np.stack([(x + 1) / 2 * size, (1 - y) / 2 * size], axis=1).astype(np.float32)


def extent_of(photo: Photo) -> float:
    """How much of the world the photo's frame spans at the head, in dm."""
    rng = np.random.default_rng([photo.seed, 0xCA3E])
    return EXTENT[photo.frame] * between(rng, 0.95, 1.05)


def photo_camera(photo: Photo, moment: Moment, head: Floats, eyes: Floats) -> Camera:
    """Frames the head whose centre and eyes lie at `head` (3,) and `eyes` (3,) in the photo."""
    extent = extent_of(photo)
    distance = extent / 2 / np.tan(np.radians(photo.field_of_view) / 2) / moment.closer
    centre = np.array(
        [
            (head[0] + eyes[0]) / 2 - photo.offset * HEAD_WIDTH + moment.aside * extent,
            eyes[1] - extent / 2 + ABOVE_EYES[photo.frame],
            0.2,
        ]
    )
    elevation = np.radians(photo.elevation)
    eye = centre + distance * np.array([0, np.sin(elevation), np.cos(elevation)])
    lens = _perspective(np.radians(photo.field_of_view), distance * 0.3, distance * 3)
    return Camera(lens @ _look(eye, centre), eye.astype(np.float32))


def light_view(centre: Floats, direction: Floats, reach: float) -> Matrix:
    """Orthographic view (4, 4) from `direction` onto a ball of radius `reach` around `centre`."""
    depth = 6.0
    up = (0, 0, 1) if abs(direction[1]) > 0.95 else (0, 1, 0)
    lens = np.diag([1 / reach, 1 / reach, -1 / depth, 1.0])
    lens[2, 3] = -1
    return lens @ _look(centre + direction * depth, centre, up)


def _look(eye: Floats, at: Floats, up: tuple[float, float, float] = (0, 1, 0)) -> Matrix:
    forwards = (at - eye) / np.linalg.norm(at - eye)
    right = np.cross(forwards, up)
    right /= np.linalg.norm(right)
    view = np.eye(4)
    view[:3, :3] = right, np.cross(right, forwards), -forwards
    view[:3, 3] = -view[:3, :3] @ eye
    return view


def _perspective(field_of_view: float, near: float, far: float) -> Matrix:
    scale = 1 / np.tan(field_of_view / 2)
    view = np.diag([scale, scale, (far + near) / (near - far), 0.0])
    view[2, 3] = 2 * far * near / (near - far)
    view[3, 2] = -1
    return view
