"""The skeleton: where the neck turns, and arms that are lowered once per person.

The turning of head and torso is done for pictures in `shaders/pose.glsl`; `Pose.apply` is the same
for the few points that Python needs to know (camera, landmarks).
"""

import numpy as np

from foundry.portraits.pack import AssetPack, Floats
from likeness.engine.acting.pose import rotated

ARM_ANGLE = np.radians(28)  # how far the arms hang below the mesh's spread ones


def neck_pivot(pack: AssetPack, rest: Floats) -> Floats:
    return pack.joint(rest, "neck") + np.array([0, 0.15, -0.1], np.float32)


def lower_arms(
    points: Floats, weights: tuple[Floats, Floats], shoulders: tuple[Floats, Floats]
) -> Floats:
    """Points (K, 3) with the arms let down; `weights` (K,) and `shoulders` (3,) left, right."""
    out = points.copy()
    for weight, shoulder, sign in zip(weights, shoulders, (-1, 1), strict=True):
        moved = np.nonzero(weight > 1e-3)[0]
        angle = np.full(len(moved), sign * ARM_ANGLE, np.float32)
        hanging = rotated(out[moved] - shoulder, angle, 0, 1) + shoulder
        share = weight[moved, None]
        out[moved] = out[moved] * (1 - share) + hanging * share
    return out
