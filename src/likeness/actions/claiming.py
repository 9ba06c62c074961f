"""Claiming the next job."""

from collections.abc import Collection

from likeness.actions.ending import expire
from likeness.jobs import queue
from likeness.jobs.payloads import Kind
from likeness.store.database import Database


def claim_next(
    database: Database, owner: str, kinds: Collection[Kind], lease: float, attempts: int
) -> queue.Claim | None:
    """Claim the next job of some kinds, after the end of claims that ran out.

    A worker without work only reads.
    """
    with database.read() as transaction:
        expired, waiting = queue.has_expired(transaction), queue.has_work(transaction, kinds)
    if expired:
        with database.write(alone=True) as transaction:
            expire(transaction, attempts)
    if not (expired or waiting):
        return None
    with database.write() as transaction:
        return queue.claim(transaction, owner, kinds, lease)
