"""What tests of engines that make clips ask for."""

from functools import cache
from typing import Any

from likeness.bases import find_part
from likeness.engine.clip import ClipRequest
from likeness.engine.upscaling import Upscaler


def nothing(*_: object) -> None: ...


@cache
def upscaler() -> Upscaler:
    """The one that ships."""
    return Upscaler.load(find_part("upscaler"))


def clip_request(**changes: Any) -> ClipRequest:
    """A clip of a woman at the beach, at 24 pictures a second; `changes` say the rest."""
    options: dict[str, Any] = {
        "prompt": "a woman at the beach",
        "negative_prompt": "",
        "seed": 1,
        "rate": 24,
    }
    return ClipRequest(**options | changes)
