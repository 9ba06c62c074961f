"""How much waits and runs, of all accounts: what operators look at."""

from dataclasses import dataclass
from typing import get_args

from sqlalchemy import Executable, func, select

from likeness.jobs.payloads import Kind
from likeness.jobs.standings import base_of, lane_of
from likeness.jobs.table import QUEUED, RUNNING, jobs
from likeness.store.database import Transaction

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Depth:
    """Of one kind of jobs, on one base (empty for those that need none): how many wait, how many
    run, and for how many seconds the first of those that wait has waited."""

    kind: str
    base: str
    waiting: int
    running: int
    oldest: float


_PLACE = jobs.c.kind, jobs.c.lane
_FIRST = func.min(jobs.c.created_at).label("first")
_COUNTS = select(*_PLACE, func.count().label("count"), _FIRST).group_by(*_PLACE)
_WAITING = _COUNTS.where(QUEUED)
_RUN = _COUNTS.where(RUNNING)
_OWNERS = select(jobs.c.owner).where(RUNNING).distinct()


def busy_workers(transaction: Transaction) -> set[str]:
    """Who works on a job."""
    return {row["owner"] for row in transaction.all(_OWNERS)}


def depths(transaction: Transaction, base: str) -> list[Depth]:
    """One for each kind of jobs on this base, also where there is nothing, and those of other bases
    where there is something."""
    waiting, running = (_count(transaction, query) for query in (_WAITING, _RUN))
    now = transaction.now
    own = dict.fromkeys((kind, lane_of(kind, base)) for kind in KINDS)
    found: list[Depth] = []
    for place in own | waiting | running:
        (count, first), (busy, _) = (one.get(place, (0, now)) for one in (waiting, running))
        kind, lane = place
        found.append(Depth(kind, base_of(lane), count, busy, max(0.0, now - first)))
    return found


def _count(transaction: Transaction, query: Executable) -> dict[tuple[str, str], tuple[int, float]]:
    """How many there are of each kind in each lane, and when the first was made."""
    rows = transaction.all(query)
    return {(row["kind"], row["lane"]): (row["count"], row["first"]) for row in rows}
