"""The size of a video in px, from words such as `720p`."""

import re

from likeness.catalog.size import BadSize

SMALLEST, LARGEST = 240, 1080
"""Shorter sides in px."""

USUAL = 720
WIDE = 16 / 9
"""The ratio of a video that nobody has asked a ratio of, and that begins with no picture."""


def shorter_side(words: str) -> int:
    """The shorter side in px of a video of a resolution such as `720p`, which nothing stands for.

    Raises `BadSize`.
    """
    if not words.strip():
        return USUAL
    found = re.fullmatch(r"(\d{3,4})p", words.strip().lower())
    if found and SMALLEST <= int(found[1]) <= LARGEST:
        return int(found[1])
    raise BadSize(f"There is no video resolution {words[:20]!r}. Send 480p, 720p or 1080p.")


def video_size(ratio: float, side: int) -> tuple[int, int]:
    """Width and height in px, both even, as the codec wants them; `side` is the shorter one."""
    if ratio >= 1:
        return _even(side * ratio), _even(side)
    return _even(side), _even(side / ratio)


def _even(length: float) -> int:
    return round(length / 2) * 2
