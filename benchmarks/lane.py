"""One lane of the queue as a simulation has it: the rules of `jobs/standings.py`, `jobs/queue.py`
and `jobs/at_hand.py`, without a database.

All jobs have one priority. `tests/test_fleet_simulation.py` holds it to the real queue.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from likeness.jobs.at_hand import LASTING
from likeness.jobs.queue import FIRST, LONG


@dataclass(frozen=True)
class Job:
    """One job. `number` grows from one job to the next, as ids do; `since` is when it came."""

    number: int
    account: str
    model: str
    since: float


class Lane:
    """Jobs that wait, and how much each account has had."""

    def __init__(self, weights: Mapping[str, float], affinity: bool = True) -> None:
        """`weights` are those of the accounts; each one that is not named has 1. Without
        `affinity`, the oldest job of an account always comes first."""
        self._weights = weights
        self._affinity = affinity
        self._told = defaultdict[str, dict[str, float]](dict)
        self._at = defaultdict[str, float](float)
        self._waiting = defaultdict[str, list[Job]](list)
        self._turns: list[tuple[float, str]] = []
        self._last = 0.0
        self._count = 0

    def __len__(self) -> int:
        """How many jobs wait."""
        return self._count

    def enqueue(self, job: Job) -> None:
        """One more job waits."""
        account, waiting = job.account, self._waiting[job.account]
        if not waiting:
            now = self._turns[0][0] if self._turns else self._last
            at = self._at[account] = max(self._at[account], now)
            heapq.heappush(self._turns, (at, account))
        waiting.append(job)
        self._count += 1

    def claim(self, now: float, owner: str, at_hand: Collection[str]) -> Job | None:
        """Take a job of the account whose turn it is, rather one of a model that its worker has at
        hand, and last one of a model that another has."""
        if not self._turns:
            return None
        first = self._waiting[self._turns[0][1]][:FIRST]

        def order(place: int) -> int:
            job = first[place]
            if job.since < now - LONG:
                return 0
            if job.model in at_hand:
                return 1
            return 3 if self._is_elsewhere(job.model, owner, now) else 2

        place = min(range(len(first)), key=order) if self._affinity else 0
        return self._take(place, now, owner, at_hand)

    def claim_alike(
        self, now: float, owner: str, at_hand: Collection[str], waited: float, model: str
    ) -> Job | None:
        """Take one job more of a model, if the account whose turn it is has one that has waited for
        so many seconds."""
        if not self._turns:
            return None
        for place, job in enumerate(self._waiting[self._turns[0][1]][:FIRST]):
            if job.since > now - waited:
                return None
            if job.model == model:
                return self._take(place, now, owner, at_hand)
            if job.since < now - LONG:
                return None
        return None

    def _take(self, place: int, now: float, owner: str, at_hand: Collection[str]) -> Job:
        """Take a job of the account whose turn it is."""
        at, account = self._turns[0]
        waiting = self._waiting[account]
        job = waiting.pop(place)
        if self._affinity and job.model not in at_hand:
            self._told[job.model][owner] = now + LASTING
        self._count -= 1
        at += 1 / self._weights.get(account, 1.0)
        self._at[account] = at
        self._last = max(self._last, at)
        if waiting:
            heapq.heapreplace(self._turns, (at, account))
        else:
            heapq.heappop(self._turns)
        return job

    def _is_elsewhere(self, model: str, owner: str, now: float) -> bool:
        told = self._told.get(model, {})
        return any(until > now for other, until in told.items() if other != owner)
