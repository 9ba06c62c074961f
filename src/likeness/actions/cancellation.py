"""Cancelling a job."""

from likeness.accounts.service import Account
from likeness.actions.ending import fail
from likeness.errors import Refusal
from likeness.jobs import service as jobs
from likeness.store.database import Transaction

CANCELLED = "cancelled"


class JobIsOver(Refusal):
    """The job has ended already, so it cannot be cancelled. GET /jobs/{id} says how it ended."""

    status = 409


def cancel_job(transaction: Transaction, account: Account, job_id: str) -> None:
    """End a job of the account as failed; a worker that is on it hears of it at its next step.

    Raises `JobNotFound`, `JobIsOver`.
    """
    job = jobs.get_job(transaction, account, job_id)
    if job["status"] in jobs.FINAL:
        raise JobIsOver
    fail(transaction, job, CANCELLED)
