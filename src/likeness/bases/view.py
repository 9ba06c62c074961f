"""From where a head is seen, in the words that captions and prompts share."""

import re

# From how many degrees on each is said; sides are the viewer's.
FRONT, THREE_QUARTER, TURNED = 18, 45, 70

_SAID = re.compile(
    r"\b(view|profile|from the (front|side|left|right)|turned to the"
    r"|looking (straight|left|right|at the camera))\b",
    re.IGNORECASE,
)


def view_of(yaw: float) -> str:
    """How a head is seen that is turned by `yaw` degrees, positive towards the viewer's right."""
    side = "left" if yaw < 0 else "right"
    turn = abs(yaw)
    if turn < FRONT:
        return "front view"
    if turn < THREE_QUARTER:
        return f"three-quarter view to the {side}"
    return f"turned to the {side}" if turn < TURNED else f"profile to the {side}"


def says_view(prompt: str) -> bool:
    """Whether a prompt says from where the head is to be seen."""
    return _SAID.search(prompt) is not None
