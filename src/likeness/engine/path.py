"""What a person does in a clip: turns of the head and smiles, out and back, one after another."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEFT, RIGHT = "three-quarter view to the left", "three-quarter view to the right"
SMILE = f"smiling, {RIGHT}"
"""What a base is told of a movement. A smile alone would move too little."""

ASKED = {LEFT: r"\bleft\b", RIGHT: r"\bright\b", SMILE: r"\b(smil|laugh|grin)"}
"""How a prompt asks for it."""

TURN = r"\b((to|towards?)\s+)?((the|his|her|their)\s+)?(left|right)\b"
"""What would have a picture begin where a movement is to end."""

SECONDS = 3.0
"""About how long a movement takes, out and back."""

KEYS = 4
"""Pictures in a second that are drawn on the way from a first to a last picture."""

LEAST = 0.45
"""How much stays, half-way, of those two."""


@dataclass(frozen=True)
class Pose:
    """Where a movement is: the words for it, and how far it has gone, 0 to 1."""

    words: str
    far: float


def poses(prompt: str, frames: int, rate: int, seed: int) -> list[Pose]:
    """Of each frame of a clip. The movements that the prompt names come first, in its order; else
    the seed says which. Each is slow where it begins, turns back and ends."""
    places = {
        words: found.start()
        for words, pattern in ASKED.items()
        if (found := re.search(pattern, prompt, re.IGNORECASE))
    }
    usual = (LEFT, RIGHT, SMILE) if seed % 2 else (RIGHT, LEFT, SMILE)
    order = sorted(places, key=lambda words: places[words])
    order += [words for words in usual if words not in places]
    count = max(1, round(frames / rate / SECONDS))
    path: list[Pose] = []
    for frame in range(frames):
        at = frame / max(1, frames - 1) * count
        movement = min(int(at), count - 1)
        far = (1 - math.cos(2 * math.pi * (at - movement))) / 2
        path.append(Pose(order[movement % len(order)], far))
    return path


def scene_of(prompt: str) -> str:
    """The prompt without the side that a head is to turn to."""
    return re.sub(TURN, "", prompt, flags=re.IGNORECASE).strip(" ,")


def poses_after(yaws: Sequence[float], frames: int, farthest: float) -> list[Pose]:
    """Of each frame of a clip whose head turns as another did, seen at equal distances of time.

    `yaws` in degrees, positive towards the viewer's right; a turn of `farthest` degrees or more
    from the first of them is as far as the movement goes.
    """
    moments = np.linspace(0, 1, len(yaws))
    turns = np.interp(np.linspace(0, 1, frames), moments, np.asarray(yaws) - yaws[0]) / farthest
    return [Pose(LEFT if turn < 0 else RIGHT, min(1.0, abs(float(turn)))) for turn in turns]


def way_to(seconds: float) -> list[tuple[float, float]]:
    """The way from a first to a last picture: shares of the clip, and how much stays there of the
    two, mixed by that share; 1 is all."""
    count = max(4, round(seconds * KEYS))
    return [
        (step / count, 1 - (1 - LEAST) * math.sin(math.pi * step / count))
        for step in range(1, count)
    ]
