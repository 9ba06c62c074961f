"""One lane of the queue as a simulation has it: the rules of `jobs/standings.py` and
`jobs/queue.py`, without a database.

All jobs have one priority. `tests/test_fleet_simulation.py` holds it to the real queue.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

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

    def __init__(self, weights: Mapping[str, float]) -> None:
        """`weights` are those of the accounts; each one that is not named has 1."""
        self._weights = weights
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

    def claim(self, now: float, at_hand: Collection[str]) -> Job | None:
        """Take a job of the account whose turn it is, rather one of a model that is at hand."""
        if not self._turns:
            return None
        at, account = self._turns[0]
        waiting = self._waiting[account]
        first = waiting[:FIRST]

        def order(place: int) -> int:
            if first[place].since < now - LONG:
                return 0
            return 1 if first[place].model in at_hand else 2

        job = waiting.pop(min(range(len(first)), key=order))
        self._count -= 1
        at += 1 / self._weights.get(account, 1.0)
        self._at[account] = at
        self._last = max(self._last, at)
        if waiting:
            heapq.heapreplace(self._turns, (at, account))
        else:
            heapq.heappop(self._turns)
        return job
