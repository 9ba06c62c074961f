"""What tests of engines that make clips ask for."""

from typing import Any

from likeness.engine.clip import ClipRequest


def nothing(*_: object) -> None: ...


def clip_request(**changes: Any) -> ClipRequest:
    """A clip of a woman at the beach, at 24 pictures a second; `changes` say the rest."""
    options: dict[str, Any] = {
        "prompt": "a woman at the beach",
        "negative_prompt": "",
        "seed": 1,
        "rate": 24,
    }
    return ClipRequest(**options | changes)
