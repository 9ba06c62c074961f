"""Workers without work in a simulation."""

from bisect import bisect_left, bisect_right, insort
from math import inf


class Sleepers:
    """Workers without work in one lane, by the moment within `poll` at which they look."""

    def __init__(self, poll: float) -> None:
        self._poll = poll
        self._places: list[tuple[float, int]] = []

    def add(self, phase: float, worker: int) -> None:
        """This one looks too, if it does not already."""
        if (phase, worker) not in self:
            insort(self._places, (phase, worker))

    def remove(self, phase: float, worker: int) -> None:
        """This one looks no more, if it did."""
        if (phase, worker) in self:
            del self._places[bisect_left(self._places, (phase, worker))]

    def __contains__(self, place: tuple[float, int]) -> bool:
        found = bisect_left(self._places, place)
        return found < len(self._places) and self._places[found] == place

    def next(self, now: float) -> tuple[float, int] | None:
        """Who looks next, and when."""
        if not self._places:
            return None
        found = bisect_right(self._places, (now % self._poll, inf))
        phase, worker = self._places[found % len(self._places)]
        return now + (phase - now) % self._poll, worker
