"""How a worker ends an attempt that did not succeed, if the attempt is still its own."""

import logging

from likeness import metrics
from likeness.actions.ending import fail, retry_or_fail
from likeness.jobs import queue
from likeness.store.database import Database
from likeness.store.unreachable import Unreachable

log = logging.getLogger(__name__)

DONE, FAILED, AGAIN, WAITS, LOST = "done", "failed", "again", "waits", "lost"
"""How an attempt may end: the last three leave the job to another one."""


def count(claim: queue.Claim, end: str) -> None:
    """Count an attempt's end."""
    metrics.ATTEMPTS.labels(claim.payload.kind, end).inc()


def retry_attempt(database: Database, claim: queue.Claim, reason: str, attempts: int) -> None:
    """Let the job be tried again, or fail with the reason after its last attempt."""
    with database.write(alone=True) as transaction:
        if job := queue.find(transaction, claim.token):
            log.warning("job %s: %s", claim.job_id, reason)
            again = retry_or_fail(transaction, job, reason, attempts)
            count(claim, AGAIN if again else FAILED)


def postpone_attempt(database: Database, claim: queue.Claim, error: Unreachable) -> None:
    """Put the job back as if never tried: what it needs is away, by no fault of its own."""
    with database.write(alone=True) as transaction:
        if job := queue.find(transaction, claim.token):
            log.warning("job %s waits: %s", claim.job_id, error)
            queue.hand_back(transaction, job, count_attempt=False)
            count(claim, WAITS)


def fail_attempt(database: Database, claim: queue.Claim, error: str) -> None:
    """Fail the job at once: another attempt would meet the same."""
    with database.write(alone=True) as transaction:
        if job := queue.find(transaction, claim.token):
            fail(transaction, job, error)
            count(claim, FAILED)
