"""The size of a picture in px, from words such as `16:9` and `2K`."""

import math
import re

from likeness.errors import Refusal

STEP = 16
"""Sides are multiples of this many px, which every encoder and base can do."""

SIDES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""Sides in px of a square picture, by the names of sizes."""

RATIO = r"\s*(\d{1,4})\s*[:x/]\s*(\d{1,4})\s*"
"""How an aspect ratio is written."""

WIDEST = 4.0
LONGEST = 8192


class BadSize(Refusal):
    """The size is not one that a picture can have."""


def aspect_ratio(words: str) -> float | None:
    """Width divided by height, of `16:9` or the like; None where the model is to choose (`auto`,
    `adaptive` or nothing). Raises `BadSize`."""
    if words.strip().lower() in ("", "auto", "adaptive"):
        return None
    if found := re.fullmatch(RATIO, words):
        width, height = int(found[1]), int(found[2])
        if height and 1 / WIDEST <= width / height <= WIDEST:
            return width / height
    raise BadSize(
        f"There is no picture of the aspect ratio {words[:20]!r}. Send two numbers such as 16:9, "
        "at most 4:1."
    )


def exact_size(named: str) -> tuple[int, int] | None:
    """Width and height in px that are named one by one, such as `1536x1024`."""
    if found := re.fullmatch(r"(\d{2,4})X(\d{2,4})", named.strip().upper()):
        width, height = int(found[1]), int(found[2])
        if min(width, height) >= 64 and 1 / WIDEST <= width / height <= WIDEST:
            return width, height
    return None


def size_of(ratio: float, named: str) -> tuple[int, int]:
    """Width and height in px of a picture of `ratio`, with the area of a square that is so large;
    or exactly what is named, such as `1536x1024`. Raises `BadSize`."""
    if exact := exact_size(named):
        return exact
    side = SIDES.get(named.strip().upper() or "1K")
    if side is None:
        raise BadSize(
            f"There is no image size {named[:20]!r}. Send {', '.join(SIDES)}, or px as 1536x1024."
        )
    return _sides(side * math.sqrt(ratio), side / math.sqrt(ratio))


def _sides(width: float, height: float) -> tuple[int, int]:
    return round(width / STEP) * STEP, round(height / STEP) * STEP
