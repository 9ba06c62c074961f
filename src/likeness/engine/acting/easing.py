"""How movements go: without jerks at their ends."""

from typing import Any

import numpy as np

from likeness.engine.acting.motion import Movement


def eased(share: float) -> float:
    """From 0 to 1 as `share` does, with the least jerk, as heads and arms move by themselves.

    The minimum-jerk polynomial of Flash and Hogan, The coordination of arm movements (1985).
    """
    u = min(max(share, 0.0), 1.0)
    return u**3 * (10 - 15 * u + 6 * u**2)


def smoothstep(low: float, high: float, value: Any) -> Any:
    """From 0 at `low`, and before it, to 1 at `high`, and after it, as a number or an array of them
    does: less slowly at its ends than `eased`."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


def dip(share: float) -> float:
    """From 0 to 1 in the middle and back to 0; 0 outside of 0..1."""
    u = min(max(share, 0.0), 1.0)
    return float((1 - np.cos(2 * np.pi * u)) / 2)


def progress(
    movement: Movement, second: float, seconds: float | None = None, ahead: float = 0.0
) -> float:
    """How far a movement has got at `second`, 0..1: there, and back if it goes back.

    What takes other `seconds` than the whole, or begins `ahead` of it (s), says so.
    """
    taken = seconds or movement.seconds
    there = eased((second + ahead - movement.start) / taken)
    if movement.back is None:
        return there
    return there - eased((second + ahead - movement.back) / taken)


def passed(movement: Movement, second: float) -> float:
    """The share of a repeated movement's time that is over, 0..1."""
    return min(max((second - movement.start) / movement.seconds, 0.0), 1.0)


def during(movement: Movement, second: float, soft: float) -> float:
    """1 while a repeated movement goes on, with ends of `soft` seconds; else 0."""
    end = movement.start + movement.seconds
    return eased((second - movement.start) / soft) * eased((end - second) / soft)
