"""The queue: a table of jobs with leases. A claim is one worker's right to one attempt.

Every write on behalf of a worker is fenced by the claim's token: a worker whose claim has ended
(its lease ran out, the job was cancelled, another took over) cannot change anything any more. What
ends or gives back jobs that it found holds them, so that none ends twice. Whose job comes next is
told by `jobs/standings.py`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, case, insert, select, update

from likeness import traces
from likeness.accounts.table import accounts
from likeness.jobs import at_hand, standings
from likeness.jobs.payloads import Kind, Payload, payload_adapter
from likeness.jobs.table import QUEUED, RUNNING, jobs
from likeness.store.database import Transaction
from likeness.store.ids import new_id, new_token

FIRST = 16
"""Of so many jobs that are an account's oldest, the one that is done soonest may come first."""

LONG = 10.0
"""Seconds; a job that has waited for longer is not passed over."""


class ClaimLost(Exception):
    """The claim has ended: the job was cancelled, deleted or given to another worker."""


@dataclass(frozen=True)
class Offer:
    """What a worker can do next: jobs of these kinds, and of those that need a base, the ones that
    need its own; rather those of models that it has `at_hand`, whose adapters are in the base."""

    owner: str
    kinds: Collection[Kind]
    base: str
    at_hand: Collection[str] = ()


@dataclass(frozen=True)
class Claim:
    """One attempt at one job, the first or a later one."""

    job_id: str
    token: str
    account_id: str
    model_id: str
    payload: Payload
    checkpoint_key: str | None
    attempt: int
    trace: str | None


_PRIORITY = select(accounts.c.priority).where(accounts.c.id == bindparam("account"))


def enqueue(
    transaction: Transaction,
    account_id: str,
    model_id: str,
    payload: Payload,
    base: str,
    *,
    credits: int = 0,
    webhook_url: str | None = None,
) -> str:
    """Write a job for workers that have this base, with the priority that its account has now, and
    return its id."""
    job_id, lane = new_id(), standings.lane_of(payload.kind, base)
    priority: int = transaction.scalar(_PRIORITY, account=account_id)
    transaction.execute(
        insert(jobs).values(
            id=job_id,
            kind=payload.kind,
            lane=lane,
            account_id=account_id,
            model_id=model_id,
            priority=priority,
            status="queued",
            payload=payload.model_dump(mode="json"),
            credits=credits,
            webhook_url=webhook_url,
            trace=traces.current(),
            attempt=0,
            created_at=transaction.now,
            updated_at=transaction.now,
        )
    )
    standings.join(transaction, account_id, lane, priority)
    return job_id


def has_work(transaction: Transaction, offer: Offer) -> bool:
    """Whether a job waits in the lanes that are offered to."""
    return standings.has_waiting(transaction, standings.lanes_of(offer.kinds, offer.base))


def has_expired(transaction: Transaction) -> bool:
    """Whether the lease of a running job has run out."""
    dead = RUNNING & (jobs.c.lease_until < transaction.now)
    return transaction.scalar(select(jobs.c.id).where(dead).limit(1)) is not None


def claim(transaction: Transaction, offer: Offer, lease: float) -> Claim | None:
    """Take a waiting job of the account whose turn it is: the oldest, but where none of its oldest
    has waited for long, first those of models that are at hand, and last those of models that
    another worker has at hand. The lease is in seconds.

    Also None when others hold whatever waits, at this moment.
    """
    lanes = standings.lanes_of(offer.kinds, offer.base)
    passed: list[tuple[str, str, int]] = []
    row: RowMapping | None = None
    while row is None:
        standing = standings.next_turn(transaction, lanes, passed)
        if standing is None:
            return None
        first = _oldest(standing, offer).with_only_columns(jobs.c.id)
        order = case(
            (jobs.c.created_at < transaction.now - LONG, 0),
            (jobs.c.model_id.in_(offer.at_hand), 1),
            (at_hand.is_elsewhere(transaction, offer.owner), 3),
            else_=2,
        )
        row = transaction.hold_next(
            select(jobs).where(jobs.c.id.in_(first)).order_by(order, jobs.c.id).limit(1)
        )
        if row is None:
            passed.append((standing["account_id"], standing["lane"], standing["rank"]))
        else:
            standings.take(transaction, standing)
    if row["kind"] == "generation" and row["model_id"] not in offer.at_hand:
        at_hand.tell(transaction, row["model_id"], offer.owner)
    return _begin(transaction, row, offer, lease)


def claim_alike(
    transaction: Transaction,
    offer: Offer,
    lease: float,
    waited: float,
    fits: Callable[[Payload], bool],
) -> Claim | None:
    """Take one job more that can be done together with those that were claimed: the oldest that
    fits, was never tried and has `waited` for so many seconds, if the account whose turn it is has
    one before any that has waited for long. So nobody's turn comes later for it. The lease is in
    seconds."""
    standing = standings.next_turn(transaction, standings.lanes_of(offer.kinds, offer.base), ())
    if standing is None:
        return None
    for row in transaction.all(_oldest(standing, offer)):
        if row["created_at"] > transaction.now - waited:
            return None  # and those after it have waited for less
        if row["attempt"] == 0 and fits(payload_adapter.validate_python(row["payload"])):
            held = transaction.hold_next(select(jobs).where(jobs.c.id == row["id"], QUEUED))
            if held is None:
                return None
            standings.take(transaction, standing)
            return _begin(transaction, held, offer, lease)
        if row["created_at"] < transaction.now - LONG:
            return None
    return None


def _oldest(standing: RowMapping, offer: Offer) -> Select[Any]:
    """The jobs of a standing that may be taken now."""
    return (
        select(jobs)
        .where(
            QUEUED,
            jobs.c.account_id == standing["account_id"],
            jobs.c.lane == standing["lane"],
            jobs.c.priority == -standing["rank"],
            jobs.c.kind.in_(offer.kinds),
        )
        .order_by(jobs.c.id)
        .limit(FIRST)
    )


def _begin(transaction: Transaction, row: RowMapping, offer: Offer, lease: float) -> Claim:
    """Begin an attempt at a job that waits, and is held."""
    now = transaction.now
    taken = transaction.one(
        update(jobs)
        .where(jobs.c.id == row["id"])
        .values(
            status="running",
            owner=offer.owner,
            token=new_token(),
            attempt=row["attempt"] + 1,
            lease_until=now + lease,
            stage="starting",
            step=0,
            steps=0,
            stage_at=now,
            progress_at=now,
            started_at=now,
            updated_at=now,
        )
        .returning(jobs)
    )
    assert taken is not None
    return _claim_of(taken)


def read_claim(transaction: Transaction, token: str) -> Claim:
    """The claim that another process of this worker made. Raises `ClaimLost`."""
    return _claim_of(fence(transaction, token))


def find(transaction: Transaction, token: str) -> RowMapping | None:
    """The running job of a claim, held, or None when the claim has ended."""
    return transaction.hold(select(jobs).where(jobs.c.token == token, RUNNING))


def fence(transaction: Transaction, token: str) -> RowMapping:
    """The running job of a claim, held. Raises `ClaimLost`; call it first in every fenced write."""
    row = find(transaction, token)
    if row is None:
        raise ClaimLost(ClaimLost.__doc__)
    return row


def beat(transaction: Transaction, tokens: Collection[str], lease: float) -> dict[str, RowMapping]:
    """Renew the claims that are worked on; returns their jobs by token: what is missing was lost.

    A claim that nobody works on, since the answer to the claiming was lost, ends by itself.
    """
    own = jobs.c.token.in_(tokens), RUNNING
    rows = transaction.hold_all(select(jobs).where(*own).order_by(jobs.c.id))
    transaction.execute(update(jobs).where(*own).values(lease_until=transaction.now + lease))
    return {row["token"]: row for row in rows}


def report(transaction: Transaction, token: str, stage: str, step: int, steps: int) -> None:
    """Write how far an attempt is. Raises `ClaimLost`."""
    row = fence(transaction, token)
    now = transaction.now
    values: dict[str, Any] = {"stage": stage, "step": step, "steps": steps, "progress_at": now}
    if row["stage"] != stage:
        values["stage_at"] = now
    _change(transaction, row["id"], **values)


def save_checkpoint(transaction: Transaction, token: str, blob_key: str, step: int) -> str | None:
    """Point to a stored checkpoint; returns the key of the one before, now of no use.

    An attempt that got as far as a checkpoint does not count against the job's attempts.
    Raises `ClaimLost`.
    """
    row = fence(transaction, token)
    _change(transaction, row["id"], checkpoint_key=blob_key, checkpoint_step=step, attempt=0)
    return row["checkpoint_key"]


def end(transaction: Transaction, job: RowMapping, error: str | None) -> None:
    """Turn a job that is held to its last state: `success` without an error, else `failed`, at no
    cost."""
    if job["status"] == "queued":
        standings.leave(transaction, job)
    _change(
        transaction,
        job["id"],
        status="success" if error is None else "failed",
        error=error,
        credits=job["credits"] if error is None else 0,
        token=None,
        owner=None,
        lease_until=None,
        checkpoint_key=None,
        checkpoint_step=None,
        webhook_url=None,
        finished_at=transaction.now,
    )


def hand_back(transaction: Transaction, job: RowMapping, *, count_attempt: bool) -> None:
    """Put a running job back into the queue, for another attempt."""
    _change(
        transaction,
        job["id"],
        status="queued",
        attempt=job["attempt"] if count_attempt else max(0, job["attempt"] - 1),
        token=None,
        owner=None,
        lease_until=None,
        stage=None,
        step=None,
        steps=None,
        stage_at=None,
    )
    standings.join(transaction, job["account_id"], job["lane"], job["priority"])


def expired(transaction: Transaction) -> Sequence[RowMapping]:
    """Running jobs whose lease has run out, held."""
    query = select(jobs).where(RUNNING, jobs.c.lease_until < transaction.now)
    return transaction.hold_all(query.order_by(jobs.c.id))


def claimed_by(transaction: Transaction, owner: str) -> Sequence[RowMapping]:
    """Running jobs of a worker, held; an owner that ends in `/` stands for all workers below it."""
    who = (
        jobs.c.owner.startswith(owner, autoescape=True)
        if owner.endswith("/")
        else jobs.c.owner == owner
    )
    query = select(jobs).where(RUNNING, who)
    return transaction.hold_all(query.order_by(jobs.c.id))


def forget(transaction: Transaction, model_id: str) -> None:
    """Take out of a deleted model's jobs what they said about the person."""
    transaction.execute(update(jobs).where(jobs.c.model_id == model_id).values(payload={}))


def _claim_of(row: RowMapping) -> Claim:
    return Claim(
        job_id=row["id"],
        token=row["token"],
        account_id=row["account_id"],
        model_id=row["model_id"],
        payload=payload_adapter.validate_python(row["payload"]),
        checkpoint_key=row["checkpoint_key"],
        attempt=row["attempt"],
        trace=row["trace"],
    )


def _change(transaction: Transaction, job_id: str, **values: Any) -> None:
    transaction.execute(
        update(jobs).where(jobs.c.id == job_id).values(**values, updated_at=transaction.now)
    )
