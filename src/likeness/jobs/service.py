"""Rules of jobs as clients see them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, bindparam, func, select, tuple_

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.jobs.payloads import Kind
from likeness.jobs.standings import place_of
from likeness.jobs.table import QUEUED, RUNNING, jobs
from likeness.jobs.window import Place, Window
from likeness.store.database import Transaction
from likeness.store.ids import is_id

Version = tuple[str, float]
"""A job's status and the time of its last change: another one at every change."""

FINAL = ("success", "failed")
PAGE = 50


OWNED = select(jobs).where(jobs.c.account_id == bindparam("account"))
"""The jobs of one account: where every read for a client starts."""

_COUNT = select(func.count()).where(
    jobs.c.account_id == bindparam("account"), jobs.c.kind == bindparam("kind")
)
_BY_ID = OWNED.where(jobs.c.id == bindparam("id"))


class JobNotFound(Refusal):
    """There is no job with this id. GET /jobs lists the jobs of this account."""

    status = 404


def get_job(transaction: Transaction, account: Account, job_id: str) -> RowMapping:
    """A job of the account, held. Raises `JobNotFound`."""
    if is_id(job_id):
        row = transaction.hold(_BY_ID, account=account.id, id=job_id)
        if row is not None:
            return row
    raise JobNotFound


def list_jobs(
    transaction: Transaction, account: Account, window: Window, after: Place | None
) -> tuple[Sequence[RowMapping], str]:
    """One page of jobs, newest first, and the token of the next page or an empty text."""
    query = OWNED.where(jobs.c.created_at.between(window.start, window.end))
    if after is not None:
        query = query.where(
            tuple_(jobs.c.created_at, jobs.c.id) < tuple_(after.created_at, after.job_id)
        )
    order = query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
    rows = transaction.all(order.limit(PAGE + 1), account=account.id)
    if len(rows) <= PAGE:
        return rows, ""
    last = rows[PAGE - 1]
    return rows[:PAGE], Place(last["created_at"], last["id"]).token()


def count_unfinished(transaction: Transaction, account: Account, kind: Kind) -> int:
    """How many jobs of a kind the account has queued or running."""
    # Two counts, each by an index of what is not over: the jobs of years are not read.
    values = {"account": account.id, "kind": kind}
    return sum(transaction.scalar(_COUNT.where(how), **values) for how in (QUEUED, RUNNING))


def queue_position(transaction: Transaction, job: RowMapping) -> int | None:
    """The place of a waiting job in the order in which jobs will be started, from 1; None if it
    does not wait."""
    return place_of(transaction, job) if job["status"] == "queued" else None


def version_of(job: RowMapping) -> Version:
    """The version of a row."""
    return job["status"], job["updated_at"]


def versions(transaction: Transaction, job_ids: Sequence[str]) -> dict[str, Version]:
    """Versions of jobs, whoever owns them: for those who wait, having read them as their own."""
    query = select(jobs.c.id, jobs.c.status, jobs.c.updated_at).where(jobs.c.id.in_(job_ids))
    return {row["id"]: version_of(row) for row in transaction.all(query)}


def unfinished_of_model(transaction: Transaction, model_id: str) -> Sequence[RowMapping]:
    """A model's jobs that are queued or running, held."""
    query = select(jobs).where(jobs.c.model_id == model_id, jobs.c.status.not_in(FINAL))
    return transaction.hold_all(query.order_by(jobs.c.id))
