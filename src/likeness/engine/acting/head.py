"""How the head is held, and where the eyes look, at a moment of a clip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from likeness.engine.acting.easing import dip, during, eased, passed, progress
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.motion import Kind, Motion, Movement

EYES_AHEAD = 0.1  # s by which eyes leave before the head
SACCADE = 0.16  # s that they take
EYES_LEAD = 16.0  # degrees by which they are ahead then
LEVELLED = 0.7  # share of a head's movement that eyes undo to keep what they look at
GLANCE_TURNS = 0.15  # the head's share of a glance, and
GLANCE_SLOWER = 0.45  # s that it takes
LAUGHS = 3.2  # shakes of a laugh a second

Act = Callable[[Movement, Moment, Motion, float], "Turn"]


@dataclass(frozen=True)
class Turn:
    """By how much the head is turned from where it begins, and the eyes within the head
    (`across` to the viewer's right, `up`); degrees, as in `Moment`."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    across: float = 0.0
    up: float = 0.0

    def __add__(self, other: "Turn") -> "Turn":
        return Turn(
            self.yaw + other.yaw,
            self.pitch + other.pitch,
            self.roll + other.roll,
            self.across + other.across,
            self.up + other.up,
        )


def head_turn(start: Moment, motion: Motion, second: float) -> Turn:
    """What all movements together do; nothing at second 0."""
    total = _sway(motion, second)
    for movement in motion.movements:
        if movement.kind in ACTS:
            total += ACTS[movement.kind](movement, start, motion, second)
    return total


def _sway(motion: Motion, second: float) -> Turn:
    """Nobody holds quite still, and who talks least of all."""
    rng = np.random.default_rng([motion.seed, 0x5A7])
    pace, phase = rng.uniform(0.15, 0.45, (3, 2)), rng.uniform(0, 2 * np.pi, (3, 2))
    size = rng.uniform(0.15, 0.45, (3, 2))
    waves = np.sin(2 * np.pi * pace * second + phase) - np.sin(phase)
    for movement in motion.movements:
        if movement.kind == "talk":
            begun = second - movement.start
            livelier = np.sin(2 * np.pi * 2.5 * pace * begun + phase) - np.sin(phase)
            waves += 3 * during(movement, second, 0.5) * livelier
    yaw, pitch, roll = (size * waves).sum(axis=1).tolist()
    return _watching(Turn(yaw, pitch, roll))


def _watching(turn: Turn) -> Turn:
    """The same, with eyes that stay on what they look at."""
    return turn + Turn(across=-LEVELLED * turn.yaw, up=-LEVELLED * turn.pitch)


def _turn(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    side = -1 if movement.kind == "turn left" else 1
    if movement.kind == "face the camera":
        side = -1 if start.yaw > 0 else 1
    share = progress(movement, second)
    turn = Turn(yaw=side * movement.amount * share)
    if movement.watching:
        return _watching(turn)
    ahead = progress(movement, second, SACCADE, EYES_AHEAD) - share
    return turn + Turn(across=side * EYES_LEAD * ahead - start.gaze[0] * share)


def _look(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    side = 1 if movement.kind == "look up" else -1
    share = progress(movement, second)
    ahead = progress(movement, second, SACCADE, EYES_AHEAD) - share
    return Turn(pitch=side * movement.amount * share, up=side * (EYES_LEAD * ahead + 6 * share))


def _tilt(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    side = 1 if movement.kind == "tilt left" else -1
    return Turn(roll=side * movement.amount * progress(movement, second))


def _nod(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    share = passed(movement, second) * movement.times
    return _watching(Turn(pitch=-movement.amount * dip(share % 1)))


def _shake(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    share = passed(movement, second)
    soft = eased(share * 2 * movement.times) * eased((1 - share) * 2 * movement.times)
    swing = float(np.sin(2 * np.pi * movement.times * share))
    side = 1 if motion.seed % 2 else -1
    return _watching(Turn(yaw=side * movement.amount * swing * soft))


def _glance(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    across, up = GLANCES[movement.kind]
    eyes = movement.amount * progress(movement, second)
    head = GLANCE_TURNS * movement.amount * progress(movement, second, GLANCE_SLOWER)
    return Turn(yaw=across * head, pitch=up * head, across=across * eyes, up=up * eyes)


def _look_around(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    rng = np.random.default_rng([motion.seed, 0xA20])
    first = 1 if rng.random() < 0.5 else -1
    total, last = Turn(), np.zeros(2)
    for stop in range(movement.times + 1):
        side = first * (-1) ** stop
        place = np.array([side * rng.uniform(0.6, 1), rng.uniform(-0.35, 0.35)])
        if stop == movement.times:
            place = np.zeros(2)
        begun = second - movement.start - stop * movement.seconds / (movement.times + 1)
        across, up = ((place - last) * movement.amount).tolist()
        eyes, head = eased(begun / SACCADE), GLANCE_TURNS * eased(begun / GLANCE_SLOWER)
        total += Turn(yaw=across * head, pitch=up * head, across=across * eyes, up=up * eyes)
        last = place
    return total


def _laugh(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    share = movement.amount * progress(movement, second)
    shake = float(np.sin(2 * np.pi * LAUGHS * (second - movement.start)))
    return _watching(Turn(pitch=share * (4 + 1.1 * shake), roll=share * shake * 0.4))


def _shrug(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    side = 1 if motion.seed % 2 else -1
    return Turn(roll=side * 5 * movement.amount * progress(movement, second))


def _recoil(movement: Movement, start: Moment, motion: Motion, second: float) -> Turn:
    """Surprise throws the head back a little, sadness lets it sink."""
    degrees = 4 if movement.kind == "look surprised" else -6
    return _watching(Turn(pitch=degrees * movement.amount * progress(movement, second)))


GLANCES: Mapping[Kind, tuple[int, int]] = {
    "glance left": (-1, 0),
    "glance right": (1, 0),
    "glance up": (0, 1),
    "glance down": (0, -1),
}
ACTS: Mapping[Kind, Act] = {
    "turn left": _turn,
    "turn right": _turn,
    "face the camera": _turn,
    "look up": _look,
    "look down": _look,
    "tilt left": _tilt,
    "tilt right": _tilt,
    "nod": _nod,
    "shake the head": _shake,
    **dict.fromkeys(GLANCES, _glance),
    "look around": _look_around,
    "laugh": _laugh,
    "look surprised": _recoil,
    "look sad": _recoil,
    "shrug": _shrug,
}
