"""A moment: what of a picture changes while somebody moves."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.expression import MOUTH_OPENS, TEETH_SHOW, unit_weights
from foundry.portraits.photo import Photo

GAZE_UP, GAZE_SHARE = 12.0, 0.7  # degrees that eyes level a nodding head's gaze by, and how well


@dataclass(frozen=True)
class Moment:
    """How somebody holds head, shoulders, eyes and face, and where the camera stands.

    Angles in degrees, as in `Photo`; `gaze` is that of the eyes within the head, to the viewer's
    right and upwards. `weights` are those of the facial units. `mouth` and `teeth` in 0..1: how far
    the mouth's inside and the teeth are where an open mouth has them, 0 if none of it is drawn.
    `shoulders` (dm) are raised by so much; `trail` (yaw, pitch, roll) is how far the tips of hair
    lag behind the head. The camera is `closer` by a factor, moved `aside` by dm to the viewer's
    right.
    """

    yaw: float
    pitch: float
    roll: float
    torso: float
    gaze: tuple[float, float]
    weights: Mapping[str, float]
    mouth: float
    teeth: float
    shoulders: float = 0.0
    trail: tuple[float, float, float] = (0.0, 0.0, 0.0)
    closer: float = 1.0
    aside: float = 0.0


def photo_moment(photo: Photo) -> Moment:
    """The moment at which the photo was taken."""
    weights = unit_weights(photo.expression)
    return Moment(
        yaw=photo.yaw,
        pitch=photo.pitch,
        roll=photo.roll,
        torso=photo.torso,
        gaze=(photo.gaze, level_gaze(photo.pitch)),
        weights={unit: weight * photo.strength for unit, weight in weights.items()},
        mouth=float(photo.expression in MOUTH_OPENS),
        teeth=float(photo.expression in TEETH_SHOW),
    )


def level_gaze(pitch: float) -> float:
    """By how much eyes look up in a head that is held at `pitch`, both in degrees."""
    return float(np.clip(-pitch, -GAZE_UP, GAZE_UP) * GAZE_SHARE)
