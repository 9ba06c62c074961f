"""Whose turn it is: weighted fair queueing between accounts.

Each account has a standing in each lane and at each priority that it uses. Of those with jobs that
wait, the highest priority comes first, then the smallest `at`. A claim moves the account's `at` on
by 1 / weight, so that in the long run everybody gets jobs started in proportion to the weights. Who
comes back after a pause begins where the others are now: nobody saves up, and nobody waits for what
others had before. (Start-time fair queueing, Goyal, Vin and Cheng 1996, in which every job is as
long as any other.)

A standing is one row, so a look at it costs the same however many jobs wait.
"""

import math
from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    bindparam,
    case,
    func,
    select,
    text,
    tuple_,
    update,
)

from likeness.accounts.table import accounts
from likeness.jobs.payloads import Kind
from likeness.jobs.table import QUEUED, WAITS, jobs, standings
from likeness.store.database import Transaction

ORDERS = "orders"

LANES: dict[Kind, str] = {
    "training": "trainings",
    "generation": "pictures",
    "upscaling": "pictures",
    "video": "pictures",
    "picture_order": ORDERS,
    "video_order": ORDERS,
}
"""What each kind of job waits for: a worker's training process, the worker itself, or one of its
threads. Accounts share each of these, and each base has its own, but for orders."""

FARTHEST = 10_000
"""Places are counted up to here among an account's own jobs, since polls are not limited."""

_ONE = (
    select(standings, accounts.c.weight)
    .join(accounts)
    .where(
        standings.c.account_id == bindparam("account"),
        standings.c.lane == bindparam("lane"),
        standings.c.rank == bindparam("rank"),
    )
)
_PLACE = standings.c.lane == bindparam("lane"), standings.c.rank == bindparam("rank")
_FIRST = (
    select(standings.c.at)
    .where(*_PLACE, WAITS)
    .order_by(standings.c.at, standings.c.account_id)
    .limit(1)
)
_LAST = select(func.max(standings.c.at)).where(*_PLACE)
_WEIGHT = select(accounts.c.weight).where(accounts.c.id == bindparam("account"))

# A statement of both databases, which SQLAlchemy has only for each of them.
_MAKE = text(
    "INSERT INTO standings (account_id, lane, rank, at, waiting) "
    "VALUES (:account, :lane, :rank, 0, 0) ON CONFLICT DO NOTHING"
)


def lane_of(kind: Kind, base: str) -> str:
    """The lane in which a job of this kind waits for a worker that has this base; orders need
    none."""
    lane = LANES[kind]
    return lane if lane == ORDERS else f"{lane}:{base}"


def lanes_of(kinds: Collection[Kind], base: str) -> set[str]:
    """The lanes whose jobs of these kinds a worker with this base can do."""
    return {lane_of(kind, base) for kind in kinds}


def base_of(lane: str) -> str:
    """The base that jobs of a lane need; empty where they need none."""
    return lane.partition(":")[2]


def join(transaction: Transaction, account_id: str, lane: str, priority: int) -> None:
    """One more job of an account waits.

    Holds the standing: two that enqueue for one account do so one after the other.
    """
    key = {"account": account_id, "lane": lane, "rank": -priority}
    own = _is_of(account_id, lane, -priority)
    standing = transaction.hold(select(standings).where(own))
    if standing is None:
        transaction.execute(_MAKE.bindparams(**key))
        standing = transaction.hold(select(standings).where(own))
        assert standing is not None
    at = standing["at"]
    if standing["waiting"] == 0:
        at = max(at, _now(transaction, lane, -priority))
    transaction.execute(update(standings).where(own).values(at=at, waiting=standing["waiting"] + 1))


def leave(transaction: Transaction, job: RowMapping) -> None:
    """A job that waited, and is held, waits no more, without having been claimed."""
    transaction.execute(
        update(standings)
        .where(_is_of(job["account_id"], job["lane"], -job["priority"]))
        .values(waiting=standings.c.waiting - 1)
    )


def next_turn(
    transaction: Transaction, lanes: Collection[str], passed: Sequence[tuple[str, str, int]]
) -> RowMapping | None:
    """The standing of the account whose turn it is, held, or None; none of those (account, lane,
    rank) that were passed over.

    One that another transaction holds is passed over too, so that a process that stands still does
    not hold up all others.
    """
    query = select(standings).where(standings.c.lane.in_(lanes), WAITS)
    if passed:
        query = query.where(tuple_(*standings.primary_key.columns).not_in(passed))
    order = standings.c.rank, standings.c.at, standings.c.account_id
    return transaction.hold_next(query.order_by(*order).limit(1))


def take(transaction: Transaction, standing: RowMapping) -> None:
    """A job of the account whose turn it is, and whose standing is held, was claimed.

    Whoever was taken before its turn, because the first was held, is not charged for that: its next
    turn is at most one job after the first of all.
    """
    weight = transaction.scalar(_WEIGHT, account=standing["account_id"])
    first = transaction.scalar(_FIRST, lane=standing["lane"], rank=standing["rank"])
    transaction.execute(
        update(standings)
        .where(_is_of(standing["account_id"], standing["lane"], standing["rank"]))
        .values(at=min(standing["at"], first) + 1 / weight, waiting=standing["waiting"] - 1)
    )


def has_waiting(transaction: Transaction, lanes: Collection[str]) -> bool:
    """Whether a job waits in one of these lanes."""
    waiting = standings.c.lane.in_(lanes) & WAITS
    return transaction.scalar(select(standings.c.lane).where(waiting).limit(1)) is not None


def place_of(transaction: Transaction, job: RowMapping) -> int:
    """How many jobs of its lane will have been started with this one, if none comes or goes.

    Of its account's own jobs, up to `FARTHEST` are counted.
    """
    rank = -job["priority"]
    standing = transaction.one(_ONE, account=job["account_id"], lane=job["lane"], rank=rank)
    assert standing is not None
    before = (
        select(jobs.c.id)
        .where(
            QUEUED,
            jobs.c.account_id == job["account_id"],
            jobs.c.lane == job["lane"],
            jobs.c.priority == job["priority"],
            jobs.c.id < job["id"],
        )
        .limit(FARTHEST)
    )
    own: int = transaction.scalar(select(func.count()).select_from(before.subquery()))
    start = standing["at"] + own / standing["weight"]
    started = (start - standings.c.at) * accounts.c.weight
    others = (
        select(
            func.sum(
                case(
                    (standings.c.rank < rank, standings.c.waiting),
                    (started <= 0, 0),
                    (started < standings.c.waiting, started),
                    else_=standings.c.waiting,
                )
            )
        )
        .join(accounts)
        .where(
            standings.c.lane == job["lane"],
            WAITS,
            standings.c.rank <= rank,
            (standings.c.account_id != job["account_id"]) | (standings.c.rank < rank),
        )
    )
    return own + 1 + math.ceil(transaction.scalar(others) or 0)


def _is_of(account_id: str, lane: str, rank: int) -> ColumnElement[bool]:
    """Which standing is an account's."""
    return (
        (standings.c.account_id == account_id)
        & (standings.c.lane == lane)
        & (standings.c.rank == rank)
    )


def _now(transaction: Transaction, lane: str, rank: int) -> float:
    """Where an account begins that had no jobs: with the first of all, or, when nobody waits, with
    the one that has had most."""
    first = transaction.scalar(_FIRST, lane=lane, rank=rank)
    return first if first is not None else transaction.scalar(_LAST, lane=lane, rank=rank) or 0.0
