"""Directing: which motion somebody is drawn with, and the photo that a clip begins as."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from foundry.portraits.draw import between, pick
from foundry.portraits.person import Person
from foundry.portraits.photo import Frame, Photo, draw_photo
from likeness.engine.acting.motion import Kind, Motion, Movement, Track

Part = Literal["turn", "head", "eyes", "face", "mouth", "shoulders"]


@dataclass(frozen=True)
class Range:
    """How a kind of movement is drawn: its `odds`, the `part` that it takes up, how long it takes
    (s; each of `times`, if it is repeated), how far it goes, and how often it goes back."""

    odds: float
    part: Part
    seconds: tuple[float, float]
    amount: tuple[float, float]
    times: tuple[int, int] | None = None
    back: float = 0.0

    @property
    def shortest(self) -> float:
        return self.seconds[0] * (self.times[0] if self.times else 1)


RANGES: Mapping[Kind, Range] = {
    "turn left": Range(0.11, "turn", (0.7, 1.5), (15, 45), back=0.25),
    "turn right": Range(0.11, "turn", (0.7, 1.5), (15, 45), back=0.25),
    "face the camera": Range(0.12, "turn", (0.7, 1.4), (1, 1)),
    "look up": Range(0.05, "head", (0.6, 1.1), (10, 20), back=0.3),
    "look down": Range(0.05, "head", (0.6, 1.1), (10, 22), back=0.3),
    "tilt left": Range(0.04, "head", (0.6, 1.1), (8, 18), back=0.3),
    "tilt right": Range(0.04, "head", (0.6, 1.1), (8, 18), back=0.3),
    "nod": Range(0.10, "head", (0.55, 0.85), (8, 18), times=(1, 3)),
    "shake the head": Range(0.08, "head", (0.6, 0.9), (11, 20), times=(1, 3)),
    "glance left": Range(0.025, "eyes", (0.16, 0.22), (16, 26), back=0.6),
    "glance right": Range(0.025, "eyes", (0.16, 0.22), (16, 26), back=0.6),
    "glance up": Range(0.015, "eyes", (0.16, 0.22), (14, 22), back=0.6),
    "glance down": Range(0.015, "eyes", (0.16, 0.22), (14, 22), back=0.6),
    "look around": Range(0.05, "eyes", (0.55, 0.8), (16, 24), times=(2, 4)),
    "smile": Range(0.16, "face", (0.4, 0.9), (0.6, 1.0), back=0.1),
    "stop smiling": Range(0.14, "face", (0.5, 0.9), (1, 1)),
    "laugh": Range(0.06, "face", (0.35, 0.6), (0.75, 1.0), back=0.2),
    "look surprised": Range(0.04, "face", (0.25, 0.5), (0.7, 1.0), back=0.15),
    "look sad": Range(0.03, "face", (0.5, 0.9), (0.7, 1.0), back=0.1),
    "look angry": Range(0.03, "face", (0.4, 0.8), (0.7, 1.0), back=0.1),
    "raise the eyebrows": Range(0.03, "face", (0.2, 0.35), (0.75, 1.0), back=0.7),
    "close the eyes": Range(0.05, "eyes", (0.25, 0.5), (1, 1), back=0.4),
    "blink": Range(0.05, "eyes", (0.4, 0.65), (1, 1), times=(2, 3)),
    "talk": Range(0.13, "mouth", (1.2, 3.0), (0.75, 1.1)),
    "shrug": Range(0.03, "shoulders", (0.25, 0.4), (0.6, 1.0), back=1.0),
}
TRACKS: Mapping[Track, float] = {
    "still": 0.72,
    "push in": 0.08,
    "pull back": 0.06,
    "drift left": 0.07,
    "drift right": 0.07,
}
EXPRESSIONS: Mapping[str, float] = {  # with which clips begin
    "neutral": 0.48,
    "smile": 0.18,
    "big smile": 0.10,
    "serious": 0.10,
    "sad": 0.04,
    "angry": 0.04,
    "surprised": 0.03,
    "pout": 0.03,
}
FRAMES: Mapping[Frame, float] = {"close-up": 0.45, "portrait": 0.45, "upper body": 0.1}
TALK_OR_LAUGH: frozenset[Kind] = frozenset(("talk", "laugh"))  # not both at once
SMILES = ("smile", "big smile", "laughing")
LEAST, FARTHEST = 15.0, 70.0  # degrees that a head turns by, and ends at
KEEPS_STILL = 0.1  # share of clips in which nothing else moves than lids and breath
SECOND, THIRD = 0.42, 0.15  # odds of a second movement, of a third for each second beyond two
BLINKS = 0.35  # a second
HELD = (0.15, 0.5)  # s before a movement goes back
EARLIEST_BLINK = 0.25  # s
EARLIEST = 0.1  # s: eyes begin earlier than the head
AFTER = 0.6  # s left after a movement in which another can follow
WATCHING = 0.2  # share of turns in which eyes stay where they look
HAPPENED: Mapping[Kind, tuple[str, ...]] = {  # expressions that are there already
    "smile": SMILES,
    "laugh": ("laughing",),
    "look surprised": ("surprised",),
    "raise the eyebrows": ("surprised",),
    "look sad": ("sad",),
    "look angry": ("angry",),
}


def draw_start(seed: int, person: Person) -> Photo:
    """The photo that the clip of `seed` begins as: eyes open, no further aside than 50 degrees."""
    rng = np.random.default_rng([seed, person.seed, 0xF117])
    front = rng.random() < 0.6
    yaw = float(np.clip(rng.normal(0, 8), -20, 20)) if front else between(rng, -50, 50)
    return draw_photo(
        seed, person, yaw=yaw, expression=pick(rng, EXPRESSIONS), frame=pick(rng, FRAMES)
    )


def draw_motion(seed: int, person: Person, photo: Photo, frames: int, rate: float) -> Motion:
    """The motion of `seed` for the clip that begins as this photo of that person."""
    rng = np.random.default_rng([seed, person.seed, 0x3071])
    end = (frames - 1) / rate
    movements: list[Movement] = []
    if rng.random() >= KEEPS_STILL:
        movements += _draw_movement(rng, photo, [], EARLIEST, end)
    for odds in (SECOND, THIRD * max(end - 2, 0)):
        if movements and rng.random() < odds:
            movements += _draw_further(rng, photo, movements, end)
    blinks = _draw_blinks(rng, movements, end)
    snapped = sorted({round(middle * rate) for middle in blinks})
    return Motion(
        seed=int(rng.integers(1 << 31)),
        frames=frames,
        rate=rate,
        movements=tuple(movements),
        # Near a frame: one between frames would be asked for and not seen.
        blinks=tuple(frame / rate + between(rng, -0.02, 0.02) for frame in snapped if frame > 1),
        camera=_draw_camera(rng, photo),
    )


def _odds(photo: Photo, movements: list[Movement], left: float) -> dict[Kind, float]:
    """Of the kinds that can be seen to happen in this photo, beside `movements`, in the seconds
    that are left."""
    taken = {RANGES[movement.kind].part for movement in movements}
    mouths = {movement.kind for movement in movements} & TALK_OR_LAUGH
    return {
        kind: drawn.odds
        for kind, drawn in RANGES.items()
        if drawn.part not in taken
        and not (mouths and kind in TALK_OR_LAUGH)
        and drawn.shortest <= left
        and _can_happen(kind, photo)
    }


def _can_happen(kind: Kind, photo: Photo) -> bool:
    if photo.expression in HAPPENED.get(kind, ()):
        return False
    if RANGES[kind].part == "eyes":
        return photo.eyewear != "sunglasses" and photo.expression != "eyes closed"
    match kind:
        case "stop smiling":
            return photo.expression in SMILES
        case "face the camera":
            return abs(photo.yaw) >= LEAST
        case "turn left" | "turn right":
            return _room(kind, photo) >= LEAST
        case _:
            return True


def _room(kind: Kind, photo: Photo) -> float:
    """Degrees that the head can still turn to a side."""
    return FARTHEST + (photo.yaw if kind == "turn left" else -photo.yaw)


def _draw_movement(
    rng: Generator, photo: Photo, others: list[Movement], earliest: float, end: float
) -> list[Movement]:
    """One that can be seen beside the `others`; none where time is too short."""
    start = earliest + between(rng, 0.02, 0.2)
    left = end - start
    odds = _odds(photo, others, left)
    if not odds:
        return []
    kind = pick(rng, odds)
    drawn = RANGES[kind]
    seconds, amount = between(rng, *drawn.seconds), between(rng, *drawn.amount)
    times, back = 1, None
    if drawn.times:
        stops = int(rng.integers(drawn.times[0], drawn.times[1] + 1))
        times = max(min(stops, int(left / seconds)), drawn.times[0])
        seconds *= times
    seconds = min(seconds, left)
    if rng.random() < drawn.back:
        back = start + seconds + between(rng, *HELD)
        back = None if back + seconds > end else back
    if kind in ("turn left", "turn right"):
        amount = min(amount, _room(kind, photo))
    elif kind == "face the camera":
        amount = abs(photo.yaw)
    watching = drawn.part == "turn" and rng.random() < WATCHING
    movement = Movement(
        kind=kind,
        start=start,
        seconds=seconds,
        amount=amount,
        times=times,
        back=back,
        watching=watching,
    )
    return [movement]


def _draw_further(
    rng: Generator, photo: Photo, movements: list[Movement], end: float
) -> list[Movement]:
    """One that begins during the last movement, or after it where there is time."""
    last = movements[-1]
    over = (last.back or last.start) + last.seconds
    after = end - over > AFTER and rng.random() < 0.6
    earliest = over if after else last.start + between(rng, -0.05, 0.4)
    return _draw_movement(rng, photo, movements, max(earliest, EARLIEST), end)


def _draw_blinks(rng: Generator, movements: list[Movement], end: float) -> list[float]:
    """Middles of blinks: as many as asked for, else now and then, and with half of all turns."""
    for movement in movements:
        if movement.kind == "blink":
            each = movement.seconds / movement.times
            return [movement.start + each * (n + 0.5) for n in range(movement.times)]
    count = int(rng.poisson(BLINKS * end))
    if not movements:
        count = max(count, 1)
    blinks = [between(rng, EARLIEST_BLINK, max(end, EARLIEST_BLINK)) for _ in range(count)]
    for movement in movements:
        if RANGES[movement.kind].part == "turn" and rng.random() < 0.5:
            blinks.append(movement.start + movement.seconds / 2)
    closed = [m.start for m in movements if m.kind == "close the eyes"]
    return [middle for middle in blinks if not closed or middle < min(closed) - 0.2]


def _draw_camera(rng: Generator, photo: Photo) -> Track:
    """None that drifts away from a head that is off the middle already."""
    away: Track = "drift left" if photo.offset > 0 else "drift right"
    odds: dict[Track, float] = {track: odd for track, odd in TRACKS.items() if track != away}
    return pick(rng, odds if abs(photo.offset) > 0.1 else TRACKS)
