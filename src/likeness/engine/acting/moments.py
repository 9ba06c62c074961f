"""All that moves in a clip, put together."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from likeness.engine.acting.easing import progress
from likeness.engine.acting.face import face_at
from likeness.engine.acting.head import LAUGHS, head_turn
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.motion import Motion, Track

EYES_REACH = 30.0  # degrees that eyes turn within the head
SHOULDERS_FOLLOW = (0.12, 0.35)  # share of the head's turn, drawn once per clip
SHOULDERS_LATE, HAIR_LATE = 0.12, 0.15  # s behind the head
SHRUGGED, LAUGHED = 0.3, 0.02  # dm
BREATHS = (0.22, 0.36)  # a second
BREATH = (0.015, 0.035)  # dm that shoulders rise and sink by
# A clip ends so much closer, and aside by such a share of what the picture spans.
CAMERA: Mapping[Track, tuple[float, float]] = {
    "still": (1.0, 0.0),
    "push in": (1.22, 0.0),
    "pull back": (0.84, 0.0),
    "drift left": (1.0, -0.11),
    "drift right": (1.0, 0.11),
}


def clip_moments(start: Moment, motion: Motion) -> list[Moment]:
    """Those of all frames of the clip that begins at `start`."""
    return [moment_at(start, motion, frame / motion.rate) for frame in range(motion.frames)]


def moment_at(start: Moment, motion: Motion, second: float) -> Moment:
    """How somebody looks at `second` of the clip that begins at `start`: a function of these alone.

    At second 0 it is `start`."""
    head = head_turn(start, motion, second)
    # Before it begins, all is at rest.
    hair = head_turn(start, motion, max(second - HAIR_LATE, 0.0))
    shoulders = head_turn(start, motion, max(second - SHOULDERS_LATE, 0.0))
    rng = np.random.default_rng([motion.seed, 0x5403])
    closer, aside = CAMERA[motion.camera]
    over = second * motion.rate / motion.frames
    up = _reached(start.gaze[1] + head.up)
    return replace(
        face_at(start, motion, second, up - start.gaze[1]),
        yaw=start.yaw + head.yaw,
        pitch=start.pitch + head.pitch,
        roll=start.roll + head.roll,
        torso=start.torso + shoulders.yaw * float(rng.uniform(*SHOULDERS_FOLLOW)),
        gaze=(_reached(start.gaze[0] + head.across), up),
        shoulders=_raised(motion, second),
        trail=(head.yaw - hair.yaw, head.pitch - hair.pitch, head.roll - hair.roll),
        closer=closer**over,
        aside=aside * over,
    )


def _reached(angle: float) -> float:
    return min(max(angle, -EYES_REACH), EYES_REACH)


def _raised(motion: Motion, second: float) -> float:
    """How far shoulders are raised, dm: by breath, shrugs and laughter."""
    rng = np.random.default_rng([motion.seed, 0xB2EA])
    pace, phase = rng.uniform(*BREATHS), rng.uniform(0, 2 * np.pi)
    wave = np.sin(2 * np.pi * pace * second + phase) - np.sin(phase)
    raised = float(rng.uniform(*BREATH) * wave)
    for movement in motion.movements:
        share = movement.amount * progress(movement, second)
        if movement.kind == "shrug":
            raised += SHRUGGED * share
        elif movement.kind == "laugh":
            shake = np.sin(2 * np.pi * LAUGHS * (second - movement.start))
            raised += LAUGHED * float(share * shake)
    return raised
