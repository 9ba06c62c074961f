"""Claiming the next job."""

import random
import time
from collections.abc import Callable

from likeness.actions.ending import expire
from likeness.jobs import queue
from likeness.jobs.payloads import Payload
from likeness.store.database import Database

PAUSES = (0.005, 0.01, 0.02, 0.04)
"""Seconds, at most, between two looks of workers who meet: a claim takes about the first."""


def claim_next(
    database: Database, offer: queue.Offer, lease: float, attempts: int
) -> queue.Claim | None:
    """Claim the next job that a worker offers to do, after the end of claims that ran out.

    A worker without work only reads. One that meets others over the only turn looks a few times
    more, within a moment.
    """
    with database.read() as transaction:
        expired, waiting = queue.has_expired(transaction), queue.has_work(transaction, offer)
    if expired:
        with database.write(alone=True) as transaction:
            expire(transaction, attempts)
    if not (expired or waiting):
        return None
    for pause in PAUSES:
        with database.write() as transaction:
            claim = queue.claim(transaction, offer, lease)
        if claim is not None:
            return claim
        with database.read() as transaction:
            if not queue.has_work(transaction, offer):
                return None
        time.sleep(random.uniform(0, pause))
    return None


def claim_alike(
    database: Database,
    offer: queue.Offer,
    lease: float,
    waited: float,
    fits: Callable[[Payload], bool],
) -> queue.Claim | None:
    """Claim one job more, to be done together with others, if it is its turn and it has `waited`
    for so many seconds. Where nothing waits, this only reads."""
    with database.read() as transaction:
        if not queue.has_work(transaction, offer):
            return None
    with database.write() as transaction:
        return queue.claim_alike(transaction, offer, lease, waited, fits)
