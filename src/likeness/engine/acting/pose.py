"""The pose that a body has at a moment: head and torso turned about joints of their own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.moment import Moment

Points = NDArray[np.floating]


@dataclass(frozen=True)
class Pose:
    """Turns about `neck` (yaw, pitch, roll of the head) and the vertical through `spine` (torso).

    Radians; yaw positive towards the viewer's right, pitch upwards, roll counter-clockwise.
    `shoulders` (dm) lift all that does not follow the head; hair lags behind the head by `trail`
    (yaw, pitch, roll), the more so the less it follows.
    """

    neck: Points
    spine: Points
    head: tuple[float, float, float]
    torso: float
    shoulders: float = 0.0
    trail: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def apply(self, points: Points, head_weight: Points) -> Points:
        """Points (K, 3) turned; those of weight 0 follow the torso alone."""
        yaw, pitch, roll = (head_weight * angle for angle in self.head)
        turned = rotated(points - self.neck, roll, 0, 1)
        turned = rotated(turned, -pitch, 1, 2)
        turned = rotated(turned, yaw, 2, 0) + self.neck - self.spine
        torso = np.full(len(points), self.torso, np.float32)
        turned = rotated(turned, torso, 2, 0) + self.spine
        turned[:, 1] += np.float32(self.shoulders) * (1 - head_weight)
        return turned


def resting_pose(neck: Points) -> Pose:
    return Pose(neck, np.array([0, neck[1], neck[2] * 0.5], np.float32), (0, 0, 0), 0)


def pose_at(neck: Points, moment: Moment) -> Pose:
    yaw, pitch, roll = np.radians([moment.yaw - moment.torso, moment.pitch, moment.roll]).tolist()
    behind, below, aside = np.radians(moment.trail).tolist()
    return Pose(
        neck,
        resting_pose(neck).spine,
        (yaw, pitch, roll),
        float(np.radians(moment.torso)),
        moment.shoulders,
        (behind, below, aside),
    )


def rotated(points: Points, angle: Points, first: int, second: int) -> Points:
    """Rotate rows from axis `first` towards axis `second`, each by its own angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    out = points.astype(np.float32)
    out[:, first] = points[:, first] * cos - points[:, second] * sin
    out[:, second] = points[:, first] * sin + points[:, second] * cos
    return out
