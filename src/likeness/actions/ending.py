"""How an attempt at a job ends when it does not succeed."""

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
    queue.end(transaction, job["id"], error)
    if job["kind"] == "training":
        model = models.get_model(
            transaction, Account(job["account_id"]), job["model_id"], deleted=True
        )
        if model["status"] == "training":
            status = "ready" if model["adapter_id"] else "failed"
            models.change_model(transaction, job["model_id"], status=status)


def retry_or_fail(transaction: Transaction, job: RowMapping, reason: str, attempts: int) -> None:
    """Put a job back into the queue, or fail it with the reason after its last attempt."""
    if job["attempt"] < attempts:
        queue.hand_back(transaction, job, count_attempt=True)
    else:
        fail(transaction, job, f"{reason} This was attempt {job['attempt']} of {attempts}.")


def expire(transaction: Transaction, attempts: int) -> None:
    """End the claims whose lease has run out: their workers are gone or frozen."""
    for job in queue.expired(transaction):
        retry_or_fail(transaction, job, "The worker stopped answering.", attempts)


def release(transaction: Transaction, owner: str, attempts: int) -> None:
    """End at once the claims of a worker that is known to be dead."""
    for job in queue.claimed_by(transaction, owner):
        retry_or_fail(transaction, job, "The worker's process ended.", attempts)


def hand_back_all(transaction: Transaction, owner: str) -> None:
    """Put the jobs of a worker that was told to stop back into the queue, as if never tried."""
    for job in queue.claimed_by(transaction, owner):
        queue.hand_back(transaction, job, count_attempt=False)
