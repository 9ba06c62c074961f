"""What a look at one thing has found."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How things are: all well, well enough but to be looked at, or such that it does not work."""

    FINE = "ok"
    DOUBTFUL = "look"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """What was found, in a sentence, and what to do about it."""

    state: State
    found: str
    advice: str | None = None


def fine(found: str) -> Finding:
    """All is well."""
    return Finding(State.FINE, found)


def doubtful(found: str, advice: str) -> Finding:
    """It works, and may not for long, or not well."""
    return Finding(State.DOUBTFUL, found, advice)


def wrong(found: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(State.WRONG, found, advice)


def said(error: Exception) -> Finding:
    """What an error of this program says: what happened, and what to do next after the first full
    stop."""
    happened, _, advice = str(error).partition(". ")
    return Finding(State.WRONG, happened, advice or None)


Findings = Iterator[Finding]
