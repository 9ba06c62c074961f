"""Which jobs listJobs shows: a window of time, and a place in it."""

import base64
import binascii
import math
from dataclasses import dataclass
from datetime import datetime

from likeness.errors import Refusal
from likeness.store.ids import is_id

DAY = 24 * 3600.0
LONGEST = 7 * DAY
"""Contract: "range may not exceed 7 days"; the default is the last 24 hours."""


class BadWindow(Refusal):
    """The time window is not valid."""


class BadPageToken(Refusal):
    """The pageToken is not one of ours. Send the nextPageToken of the page before, unchanged."""


@dataclass(frozen=True)
class Window:
    """Jobs created from `start` to `end`, both included, in seconds since 1970."""

    start: float
    end: float


def window(start: str | None, end: str | None, now: float) -> Window:
    """The window that two optional RFC 3339 times ask for. Raises `BadWindow`."""
    first, last = _moment("start", start), _moment("end", end)
    if first is None and last is None:
        return Window(now - DAY, now)
    if first is None:
        assert last is not None
        return Window(last - DAY, last)
    if last is None:
        last = max(first, min(now, first + LONGEST))
    if first > last:
        raise BadWindow("start is after end. Swap the two.")
    if last - first > LONGEST:
        raise BadWindow("start and end are more than 7 days apart. Ask for a shorter window.")
    return Window(first, last)


def _moment(name: str, text: str | None) -> float | None:
    if not text:
        return None
    try:
        # An unescaped "+" in a query string arrives as a space.
        text = text.replace(" ", "+").upper()
        moment = datetime.fromisoformat(text)
        if "T" not in text or moment.tzinfo is None:
            raise ValueError
        return moment.timestamp()
    except (ValueError, OverflowError):
        raise BadWindow(f"{name} is not an RFC 3339 time like 2026-01-01T00:00:00Z.") from None


@dataclass(frozen=True)
class Place:
    """The last job that a page showed."""

    created_at: float
    job_id: str

    def token(self) -> str:
        """The place as text that a client sends back."""
        return base64.urlsafe_b64encode(f"{self.created_at!r} {self.job_id}".encode()).decode()


def place(token: str | None) -> Place | None:
    """The place in a page token. Raises `BadPageToken`."""
    if not token:
        return None
    try:
        text = base64.b64decode(token, altchars=b"-_", validate=True).decode()
        first, job_id = text.split(" ")
        created_at = float(first)
        if not (math.isfinite(created_at) and is_id(job_id)):
            raise ValueError
        return Place(created_at, job_id)
    except (ValueError, binascii.Error):
        raise BadPageToken from None
