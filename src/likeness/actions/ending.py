"""How a job ends, and how an attempt at one ends that does not succeed.

The end of a job, what becomes of its price and the news of it are one transaction.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping

from likeness.accounts.service import Account
from likeness.credits.service import refund, settle
from likeness.jobs import queue
from likeness.models import service as models
from likeness.store.database import Transaction
from likeness.webhooks.outbox import announce
from likeness.webhooks.schemas import EventType


def succeed(transaction: Transaction, job: RowMapping) -> None:
    """End a job that is held as a success. It is the last that a transaction does: it holds the
    balance."""
    queue.end(transaction, job, None)
    event = "training.success" if job["kind"] == "training" else "job.success"
    _announce(transaction, job, event)
    settle(transaction, Account(job["account_id"]), job["id"], job["credits"])


def fail(transaction: Transaction, job: RowMapping, error: str) -> None:
    """End a job as failed. A model whose training failed keeps the version that it had, if any.

    The job is held, and the transaction alone: it holds the model after the job.
    """
    fail_all(transaction, [(job, error)])


def fail_all(transaction: Transaction, failed: Sequence[tuple[RowMapping, str]]) -> None:
    """End jobs as failed, each with its error, as `fail` does."""
    _close(transaction, failed)


def retry_or_fail(transaction: Transaction, job: RowMapping, reason: str, attempts: int) -> bool:
    """Put a job back into the queue, or fail it with the reason after its last attempt. Returns
    whether it is tried again."""
    return bool(_retry_or_fail_all(transaction, [job], reason, attempts))


def expire(transaction: Transaction, attempts: int) -> None:
    """End the claims whose lease has run out: their workers are gone or frozen."""
    expired = queue.expired(transaction)
    _retry_or_fail_all(transaction, expired, "The worker stopped answering.", attempts)


def release(transaction: Transaction, owner: str, attempts: int) -> None:
    """End at once the claims of a worker that is known to be dead."""
    claimed = queue.claimed_by(transaction, owner)
    _retry_or_fail_all(transaction, claimed, "The worker's process ended.", attempts)


def give_up(transaction: Transaction, owner: str, token: str, reason: str, attempts: int) -> None:
    """Retry or fail the job of a claim over which its worker ends itself. The worker's other jobs
    die with it by no fault of their own: they go back into the queue as if never tried."""
    claimed = queue.claimed_by(transaction, owner)
    own = [job for job in claimed if job["token"] == token]
    others = [job for job in claimed if job["token"] != token]
    _retry_or_fail_all(transaction, own, reason, attempts, others)


def hand_back_all(transaction: Transaction, owner: str) -> None:
    """Put the jobs of a worker that was told to stop back into the queue, as if never tried."""
    for job in queue.claimed_by(transaction, owner):
        queue.hand_back(transaction, job, count_attempt=False)


def _retry_or_fail_all(
    transaction: Transaction,
    jobs: Sequence[RowMapping],
    reason: str,
    attempts: int,
    spared: Iterable[RowMapping] = (),
) -> Sequence[RowMapping]:
    """Returns those that are tried again."""
    again = [job for job in jobs if job["attempt"] < attempts]
    failed = [
        (job, f"{reason} This was attempt {job['attempt']} of {attempts}.")
        for job in jobs
        if job["attempt"] >= attempts
    ]
    _close(transaction, failed, again, spared)
    return again


def _close(
    transaction: Transaction,
    failed: Sequence[tuple[RowMapping, str]],
    again: Iterable[RowMapping] = (),
    spared: Iterable[RowMapping] = (),
) -> None:
    """End jobs as failed, and put others back into the queue: `spared` as if never tried.

    All models are held before all standings, and those before all balances: others hold one of each
    in this order.
    """
    assert transaction.alone
    for job, _ in failed:
        if job["kind"] == "training":
            _give_back_model(transaction, job)
    for job, error in failed:
        queue.end(transaction, job, error)
        event = "training.failed" if job["kind"] == "training" else "job.failed"
        _announce(transaction, job, event)
    for job in again:
        queue.hand_back(transaction, job, count_attempt=True)
    for job in spared:
        queue.hand_back(transaction, job, count_attempt=False)
    for job, _ in failed:
        refund(transaction, Account(job["account_id"]), job["id"], job["credits"])


def _give_back_model(transaction: Transaction, job: RowMapping) -> None:
    model = models.get_model(transaction, Account(job["account_id"]), job["model_id"], deleted=True)
    if model["status"] == "training":
        status = "ready" if model["adapter_id"] else "failed"
        models.change_model(transaction, job["model_id"], status=status)


def _announce(transaction: Transaction, job: RowMapping, event: EventType) -> None:
    account = Account(job["account_id"])
    announce(transaction, account, job["id"], event, job["webhook_url"])
