"""How much waits and runs, of all accounts: what operators look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from likeness.jobs.table import QUEUED, RUNNING, jobs
from likeness.store.database import Transaction


@dataclass(frozen=True)
class Depth:
    """Of one kind of jobs: how many wait, how many run, and for how many seconds the first of those
    that wait has waited."""

    kind: str
    waiting: int
    running: int
    oldest: float


_COUNTS = select(
    jobs.c.kind, func.count().label("count"), func.min(jobs.c.created_at).label("first")
)
_WAITING = _COUNTS.where(QUEUED).group_by(jobs.c.kind)
_RUN = _COUNTS.where(RUNNING).group_by(jobs.c.kind)


_OWNERS = select(jobs.c.owner).where(RUNNING).distinct()


def busy_workers(transaction: Transaction) -> set[str]:
    """Who works on a job."""
    return {row["owner"] for row in transaction.all(_OWNERS)}


def depths(transaction: Transaction, kinds: Sequence[str]) -> list[Depth]:
    """One for each of these kinds, also where there is nothing."""
    waiting = {row["kind"]: row for row in transaction.all(_WAITING)}
    running = {row["kind"]: row["count"] for row in transaction.all(_RUN)}
    now = transaction.now
    return [
        Depth(
            kind,
            waiting[kind]["count"] if kind in waiting else 0,
            running.get(kind, 0),
            max(0.0, now - waiting[kind]["first"]) if kind in waiting else 0.0,
        )
        for kind in kinds
    ]
