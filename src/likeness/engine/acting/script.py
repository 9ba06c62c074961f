"""The script of a clip: what a prompt's words ask somebody to do, and when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.random import Generator

from likeness.engine.acting.expression import UNITS
from likeness.engine.acting.face import EXPRESSIONS
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.motion import Kind, Motion, Movement, Track

T = TypeVar("T")
Part = Literal["turn", "head", "eyes", "face", "mouth", "shoulders"]


@dataclass(frozen=True)
class Usual:
    """How a movement usually goes: the part that makes it, how many seconds it takes (each of
    `times`, if it is repeated), how far it goes, and whether it is over by itself."""

    part: Part
    seconds: float
    amount: float
    times: int = 1
    passes: bool = False


USUAL: Mapping[Kind, Usual] = {
    "turn left": Usual("turn", 1.1, 25),
    "turn right": Usual("turn", 1.1, 25),
    "face the camera": Usual("turn", 1.1, 25),
    "look up": Usual("head", 0.8, 12),
    "look down": Usual("head", 0.8, 13),
    "tilt left": Usual("head", 0.8, 12),
    "tilt right": Usual("head", 0.8, 12),
    "nod": Usual("head", 0.7, 11, times=2),
    "shake the head": Usual("head", 0.7, 13, times=2),
    "glance left": Usual("eyes", 0.2, 20),
    "glance right": Usual("eyes", 0.2, 20),
    "glance up": Usual("eyes", 0.2, 16),
    "glance down": Usual("eyes", 0.2, 16),
    "look around": Usual("eyes", 0.7, 20, times=3),
    "smile": Usual("face", 0.7, 0.85),
    "stop smiling": Usual("face", 0.7, 1),
    "laugh": Usual("face", 0.5, 0.9),
    "look surprised": Usual("face", 0.4, 0.85),
    "look sad": Usual("face", 0.7, 0.85),
    "look angry": Usual("face", 0.6, 0.85),
    "raise the eyebrows": Usual("face", 0.3, 0.9, passes=True),
    "close the eyes": Usual("eyes", 0.4, 1),
    "blink": Usual("eyes", 0.5, 1, times=2),
    "talk": Usual("mouth", 2.2, 0.95),
    "shrug": Usual("shoulders", 0.35, 0.8, passes=True),
}

EYES = r"\b(eyes?|gaze|glanc\w*)\b"
TURNS = r"\b(turn|rotat|swivel|look|fac|mov|swing)\w*\b"
ASKED: Sequence[tuple[Kind, str]] = (
    ("stop smiling", r"stop\w* smiling|smile (fade|vanish)|(turn|becom|get)\w* serious"),
    ("close the eyes", r"\b(clos|shut)\w*\b(?!-up).*\beyes?\b"),
    ("raise the eyebrows", r"\b(rais|lift)\w*\b.*\b(eye)?brows?\b"),
    ("look around", r"look\w* around|eyes wander|side to side"),
    ("glance left", rf"(?=.*{EYES}).*\bleft\b"),
    ("glance right", rf"(?=.*{EYES}).*\bright\b"),
    ("glance up", rf"(?=.*{EYES}).*(?<!-)\bup\w*\b"),
    ("glance down", rf"(?=.*{EYES}).*\bdown\w*\b"),
    ("tilt left", r"\b(tilt|lean|cock)\w*\b.*\bleft\b"),
    ("tilt right", r"\b(tilt|lean|cock)\w*\b.*\bright\b"),
    ("turn left", rf"{TURNS}.*\bleft\b"),
    ("turn right", rf"{TURNS}.*\bright\b"),
    ("face the camera", r"\b(turn|fac|look)\w*\b.*\b(camera|viewer|front|lens)\b"),
    ("look up", r"look\w*\b.*\bup\b|\b(rais|lift)\w*\b.*\bhead\b"),
    ("look down", r"look\w*\b.*\bdown\b|\b(lower|bow)\w*\b.*\bhead\b"),
    ("shake the head", r"\b(shak)\w*\b.*\bhead\b"),
    ("nod", r"\bnod"),
    ("laugh", r"\b(laugh|giggl|chuckl)"),
    ("smile", r"\b(smil|grin|beam)"),
    ("look surprised", r"surpris|astonish|amaze|gasp"),
    ("look sad", r"\b(sad|cries|crying|sorrow)"),
    ("look angry", r"\b(angr|furious|frown|scowl)"),
    ("blink", r"\b(blink|wink)"),
    ("talk", r"\b(talk|speak|spoke|say|chatt?|sing|whisper|tell)(s|ing)?\b"),
    ("shrug", r"\bshrug"),
    ("tilt right", r"\b(tilt|cock)\w*\b.*\bhead\b"),
)
"""How each part of a sentence asks for a movement: the first that fits."""

CAMERAS: Sequence[tuple[Track, str]] = (
    ("push in", r"(zoom|push|dolly|mov)\w*( \w+)? (in|closer)\b"),
    ("pull back", r"(zoom|pull|dolly|mov)\w*( \w+)? (out|back|away)\b"),
    ("drift left", r"(camera|pan|drift|track)\b.*\bleft\b|pan\w* left"),
    ("drift right", r"(camera|pan|drift|track)\b.*\bright\b|pan\w* right"),
)
"""How a prompt asks for a moving camera."""

OF_CAMERA = r"\b(camera|zoom(s|ing)?|pan(s|ning)?|dolly(ing)?)\b"
TO_CAMERA = r"\b(to|towards?|at|into|fac(es|ing|e)) (the )?(camera|lens|viewer)\b"
"""Which part of a sentence is about the camera: not that in which somebody looks at it."""

LOOKS = r"\bwith an? \w+ (expression|face|look|gaze)\b"
"""What tells how somebody looks, and asks for nothing."""

STILL = r"\b(still|motionless|(not|without) mov\w*|moves? very little|do\w* nothing)\b"

PIECES = r"(,|\.|;|\b(?:then|and)\b(?! (?:then )?back)|\b(?:while|before|after)\b)"
AT_ONCE = ("while", "and")
"""What joins movements that are made at the same time, if they can be."""

COUNTS: Sequence[tuple[int, str]] = (
    (1, r"\bonce\b"),
    (2, r"\b(twice|two times)\b"),
    (3, r"\bthree times\b"),
    (4, r"\b(several|many|a few) times\b|\brepeated"),
)
SLOWLY, QUICKLY = (r"\b(slow|gentl|gradual)", 1.6), (r"\b(quick|fast|sudden|abrupt)", 0.65)
SLIGHTLY, FAR = (r"\b(slight|a little|a bit|subtl)", 0.6), (r"\b(far|wide|broad|big|loud)", 1.15)
BACK = r"\bback\b|\bmoment\b|\bbriefly\b"

SIDE = r"\b((to|towards?)\s+)?((the|his|her|their)\s+)?(left|right)\b"

BEGINS = 0.3  # s before the first movement
AFTER = 0.25  # s between one movement and the next
WITH = 0.35  # s by which one follows another that goes on
HELD = 0.4  # s before what passes goes back
FARTHEST = 45.0  # degrees that a head is turned by at most
HAD: Mapping[Kind, str] = {  # which expression nobody begins to have who has it already
    **{kind: expression for kind, expression in EXPRESSIONS.items() if UNITS[expression]},
    "smile": "smile",
}
ALREADY = 0.7  # of it
BLINKS = (2.0, 4.5)  # s from one blink to the next
IDLE: Sequence[Kind] = ("turn left", "turn right")
IDLE_TURN = 9.0  # degrees


@dataclass(frozen=True)
class _Cue:
    """A movement that is asked for, in which words, and whether with the one before."""

    kind: Kind
    words: str
    at_once: bool


def write_script(prompt: str, start: Moment, frames: int, rate: float, seed: int) -> Motion:
    """What somebody does who is held as at `start`, for `frames` at `rate` a second.

    Movements follow one another as the prompt has them, and sides are the viewer's. Where it asks
    for none, or for talk alone, and not that nothing moves, the head turns a little, and back.
    """
    rng = np.random.default_rng([seed % (1 << 63), 0x5C21])
    seconds = (frames - 1) / rate
    cues = [cue for cue in _cues(prompt) if _can_happen(cue.kind, start)]
    camera = _camera(prompt)
    movements = _timed(cues, start, seconds)
    quiet = all(movement.kind == "talk" for movement in movements)
    if quiet and not camera and not _says(STILL, prompt):
        movements += _idle(rng, seconds)
    return Motion(
        seed=int(rng.integers(1 << 31)),
        frames=frames,
        rate=rate,
        movements=tuple(movements),
        blinks=_blinks(rng, movements, seconds),
        camera=camera or "still",
    )


def scene_of(prompt: str) -> str:
    """The prompt without the side that a head is to turn to: a picture would begin there."""
    return re.sub(SIDE, "", prompt, flags=re.IGNORECASE).strip(" ,")


def _says(words: str, text: str) -> bool:
    return re.search(words, text, re.IGNORECASE) is not None


def _first(options: Sequence[tuple[T, str]], text: str) -> T | None:
    """The first of which the text has the words."""
    return next((option for option, words in options if _says(words, text)), None)


def _pieces(prompt: str) -> Iterator[tuple[str, str]]:
    """The parts of a prompt, and what joins each to the one before."""
    pieces = re.split(PIECES, prompt, flags=re.IGNORECASE)
    yield "", pieces[0]
    for join, words in zip(pieces[1::2], pieces[2::2], strict=True):
        yield join.lower(), words


def _camera(prompt: str) -> Track | None:
    """How the camera moves, if it is to."""
    for _, words in _pieces(prompt):
        track = _first(CAMERAS, words)
        if track and not _says(TO_CAMERA, words) and not _says(STILL, words):
            return track
    return None


def _cues(prompt: str) -> list[_Cue]:
    cues: list[_Cue] = []
    for join, words in _pieces(prompt):
        kind = None if _says(LOOKS, words) else _first(ASKED, words)
        of_camera = _says(OF_CAMERA, words) and not _says(TO_CAMERA, words)
        if kind and not of_camera:
            cues.append(_Cue(kind, words, join in AT_ONCE))
    return cues


def _can_happen(kind: Kind, start: Moment) -> bool:
    match kind:
        case "turn left":
            return start.yaw > -FARTHEST
        case "turn right":
            return start.yaw < FARTHEST
        case _:
            return kind not in HAD or _likeness(start, HAD[kind]) < ALREADY


def _likeness(start: Moment, expression: str) -> float:
    """How much of an expression a face has already."""
    units = UNITS[expression]
    there = sum(min(start.weights.get(unit, 0.0), weight) for unit, weight in units.items())
    return there / sum(units.values())


def _timed(cues: Sequence[_Cue], start: Moment, seconds: float) -> list[Movement]:
    """The movements, as much faster as they must be to fit into the clip."""
    movements: list[Movement] = []
    at, free = BEGINS, BEGINS
    taken: frozenset[Part] = frozenset()
    for cue in cues:
        usual = USUAL[cue.kind]
        together = cue.at_once and bool(taken) and usual.part not in taken
        at = at + WITH if together else free
        taken = (taken if together else frozenset[Part]()).union((usual.part,))
        movement = _movement(cue, usual, start, at)
        movements.append(movement)
        free = max(free, (movement.back or at) + movement.seconds + AFTER)
    if movements and movements[-1].kind == "talk":
        talk = movements[-1]
        lasting = max(talk.seconds, seconds - AFTER - talk.start)
        movements[-1] = talk.model_copy(update={"seconds": lasting})
        free = max(free, talk.start + lasting)
    faster = min(1.0, seconds / max(free, 1e-6))
    return [_hurried(movement, faster) for movement in movements]


def _movement(cue: _Cue, usual: Usual, start: Moment, at: float) -> Movement:
    times = _first(COUNTS, cue.words)
    times = (times or usual.times) if usual.times > 1 else 1
    seconds, amount = usual.seconds * times, usual.amount
    for words, factor in (SLOWLY, QUICKLY):
        seconds *= factor if _says(words, cue.words) else 1
    for words, factor in (SLIGHTLY, FAR):
        amount *= factor if _says(words, cue.words) else 1
    if cue.kind == "face the camera":
        amount = min(amount, abs(start.yaw))
    elif usual.part == "turn":
        side = -1 if cue.kind == "turn left" else 1
        amount = min(amount, FARTHEST - side * start.yaw)
    returns = usual.passes or (usual.times == 1 and _says(BACK, cue.words))
    return Movement(
        kind=cue.kind,
        start=at,
        seconds=seconds,
        amount=amount,
        times=times,
        back=at + seconds + HELD if returns else None,
    )


def _hurried(movement: Movement, faster: float) -> Movement:
    back = movement.back
    return movement.model_copy(
        update={
            "start": movement.start * faster,
            "seconds": movement.seconds * faster,
            "back": None if back is None else back * faster,
        }
    )


def _idle(rng: Generator, seconds: float) -> list[Movement]:
    """A little turn for every four seconds, to one side and the other."""
    count = max(1, round(seconds / 4))
    each = seconds / count
    first = int(rng.integers(2))
    return [
        Movement(
            kind=IDLE[(first + number) % 2],
            start=each * (number + 0.1),
            seconds=each * 0.35,
            amount=IDLE_TURN * float(rng.uniform(0.8, 1.2)),
            back=each * (number + 0.6),
            watching=True,
        )
        for number in range(count)
    ]


def _blinks(rng: Generator, movements: Sequence[Movement], seconds: float) -> tuple[float, ...]:
    """Middles of blinks: those that are asked for, else now and then."""
    closed = [movement.start for movement in movements if movement.kind == "close the eyes"]
    for movement in movements:
        if movement.kind == "blink":
            each = movement.seconds / movement.times
            return tuple(movement.start + each * (n + 0.5) for n in range(movement.times))
    blinks: list[float] = []
    at = float(rng.uniform(*BLINKS)) / 2
    while at < seconds - BEGINS:
        if not closed or at < min(closed) - BEGINS:
            blinks.append(at)
        at += float(rng.uniform(*BLINKS))
    return tuple(blinks)
