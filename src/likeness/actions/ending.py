"""How an attempt at a job ends when it does not succeed."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from likeness.accounts.service import Account
from likeness.jobs import queue
from likeness.models import service as models
from likeness.store.database import Transaction


def fail(transaction: Transaction, job: RowMapping, error: str) -> None:
    """End a job as failed. A model whose training failed keeps the version that it had, if any.

    The job is held, and the transaction alone: it holds the model after the job.
    """
    assert transaction.alone
    if job["kind"] == "training":
        model = models.get_model(
            transaction, Account(job["account_id"]), job["model_id"], deleted=True
        )
        if model["status"] == "training":
            status = "ready" if model["adapter_id"] else "failed"
            models.change_model(transaction, job["model_id"], status=status)
    queue.end(transaction, job["id"], error)


def retry_or_fail(transaction: Transaction, job: RowMapping, reason: str, attempts: int) -> None:
    """Put a job back into the queue, or fail it with the reason after its last attempt."""
    if job["attempt"] < attempts:
        queue.hand_back(transaction, job, count_attempt=True)
    else:
        fail(transaction, job, f"{reason} This was attempt {job['attempt']} of {attempts}.")


def expire(transaction: Transaction, attempts: int) -> None:
    """End the claims whose lease has run out: their workers are gone or frozen."""
    _retry_or_fail_all(
        transaction, queue.expired(transaction), "The worker stopped answering.", attempts
    )


def release(transaction: Transaction, owner: str, attempts: int) -> None:
    """End at once the claims of a worker that is known to be dead."""
    _retry_or_fail_all(
        transaction, queue.claimed_by(transaction, owner), "The worker's process ended.", attempts
    )


def hand_back_all(transaction: Transaction, owner: str) -> None:
    """Put the jobs of a worker that was told to stop back into the queue, as if never tried."""
    for job in queue.claimed_by(transaction, owner):
        queue.hand_back(transaction, job, count_attempt=False)


def _retry_or_fail_all(
    transaction: Transaction, jobs: Sequence[RowMapping], reason: str, attempts: int
) -> None:
    # Those that fail come first: they hold their models, and the others hold standings after that.
    for job in sorted(jobs, key=lambda job: job["attempt"] < attempts):
        retry_or_fail(transaction, job, reason, attempts)
