"""A moment: how somebody holds head, face and shoulders while they move."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

GAZE_UP, GAZE_SHARE = 12.0, 0.7  # degrees that eyes level a nodding head's gaze by, and how well


@dataclass(frozen=True)
class Moment:
    """How somebody holds head, shoulders, eyes and face, and where the camera stands.

    Angles in degrees, yaw positive towards the viewer's right, pitch upwards, roll
    counter-clockwise; `gaze` is that of the eyes within the head, to the viewer's
    right and upwards. `weights` are those of the facial units. `mouth` and `teeth` in 0..1: how far
    the mouth's inside and the teeth are where an open mouth has them, 0 if none of it is drawn.
    `shoulders` (dm) are raised by so much; `trail` (yaw, pitch, roll) is how far the tips of hair
    lag behind the head. The camera is `closer` by a factor, moved `aside` to the viewer's right by
    a share of what the picture spans.
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


def mixed(one: Moment, other: Moment, share: float) -> Moment:
    """On the way from one moment (0) to the other (1)."""

    def between(here: float, there: float) -> float:
        return here + (there - here) * share

    units = sorted(one.weights.keys() | other.weights.keys())
    return Moment(
        yaw=between(one.yaw, other.yaw),
        pitch=between(one.pitch, other.pitch),
        roll=between(one.roll, other.roll),
        torso=between(one.torso, other.torso),
        gaze=(between(one.gaze[0], other.gaze[0]), between(one.gaze[1], other.gaze[1])),
        weights={
            unit: between(one.weights.get(unit, 0.0), other.weights.get(unit, 0.0))
            for unit in units
        },
        mouth=between(one.mouth, other.mouth),
        teeth=between(one.teeth, other.teeth),
        shoulders=between(one.shoulders, other.shoulders),
        trail=(0.0, 0.0, 0.0),
        closer=between(one.closer, other.closer),
        aside=between(one.aside, other.aside),
    )


def level_gaze(pitch: float) -> float:
    """By how much eyes look up in a head that is held at `pitch`, both in degrees."""
    return float(np.clip(-pitch, -GAZE_UP, GAZE_UP) * GAZE_SHARE)
