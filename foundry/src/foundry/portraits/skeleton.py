"""The pose: arms lowered once per person, head and torso turned per moment.

The turning of head and torso is done for pictures in `shaders/pose.glsl`; `Pose.apply` is the same
for the few points that Python needs to know (camera, landmarks).
"""

from dataclasses import dataclass

import numpy as np

from foundry.portraits.moment import Moment
from foundry.portraits.pack import AssetPack, Floats

ARM_ANGLE = np.radians(28)  # how far the arms hang below the mesh's spread ones


@dataclass(frozen=True)
class Pose:
    """Turns about `neck` (yaw, pitch, roll of the head) and the vertical through `spine` (torso).

    Radians; yaw positive towards the viewer's right, pitch upwards, roll counter-clockwise.
    `shoulders` (dm) lift all that does not follow the head; hair lags behind the head by `trail`
    (yaw, pitch, roll), the more so the less it follows.
    """

    neck: Floats
    spine: Floats
    head: tuple[float, float, float]
    torso: float
    shoulders: float = 0.0
    trail: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def apply(self, points: Floats, head_weight: Floats) -> Floats:
        """Points (K, 3) turned; those of weight 0 follow the torso alone."""
        yaw, pitch, roll = (head_weight * angle for angle in self.head)
        turned = _rotate(points - self.neck, roll, 0, 1)
        turned = _rotate(turned, -pitch, 1, 2)
        turned = _rotate(turned, yaw, 2, 0) + self.neck - self.spine
        torso = np.full(len(points), self.torso, np.float32)
        turned = _rotate(turned, torso, 2, 0) + self.spine
        turned[:, 1] += np.float32(self.shoulders) * (1 - head_weight)
        return turned


def neck_pivot(pack: AssetPack, rest: Floats) -> Floats:
    return pack.joint(rest, "neck") + np.array([0, 0.15, -0.1], np.float32)


def resting_pose(neck: Floats) -> Pose:
    return Pose(neck, np.array([0, neck[1], neck[2] * 0.5], np.float32), (0, 0, 0), 0)


def pose_at(neck: Floats, moment: Moment) -> Pose:
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


def lower_arms(
    points: Floats, weights: tuple[Floats, Floats], shoulders: tuple[Floats, Floats]
) -> Floats:
    """Points (K, 3) with the arms let down; `weights` (K,) and `shoulders` (3,) left, right."""
    out = points.copy()
    for weight, shoulder, sign in zip(weights, shoulders, (-1, 1), strict=True):
        moved = np.nonzero(weight > 1e-3)[0]
        angle = np.full(len(moved), sign * ARM_ANGLE, np.float32)
        hanging = _rotate(out[moved] - shoulder, angle, 0, 1) + shoulder
        share = weight[moved, None]
        out[moved] = out[moved] * (1 - share) + hanging * share
    return out


def _rotate(points: Floats, angle: Floats, first: int, second: int) -> Floats:
    """Rotate rows from axis `first` towards axis `second`, each by its own angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    out = points.astype(np.float32)
    out[:, first] = points[:, first] * cos - points[:, second] * sin
    out[:, second] = points[:, first] * sin + points[:, second] * cos
    return out
