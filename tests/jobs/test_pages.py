"""Pages of the list of jobs, while jobs are added between them."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from tests.support.payloads import BASE
from tests.support.rooms import House

from likeness.accounts.service import Account, authenticate, create_key
from likeness.jobs import queue
from likeness.jobs.payloads import TrainingPayload
from likeness.jobs.service import PAGE, list_jobs
from likeness.jobs.table import jobs
from likeness.jobs.window import Window, place
from likeness.store.database import Transaction

PAYLOAD = TrainingPayload(trigger="x", description="a person")
NAMES = itertools.count()

moments = st.integers(0, 99).map(float)
"""Few of them, so that many jobs are of the same moment."""


def new_account(transaction: Transaction) -> Account:
    """An account without jobs."""
    account = authenticate(transaction, create_key(transaction, "x", f"account {next(NAMES)}"))
    assert account is not None
    return account


def add(transaction: Transaction, account: Account, moment: float) -> tuple[float, str]:
    """A job of a moment; returns what it is ordered by."""
    job_id = queue.enqueue(transaction, account.id, "a model", PAYLOAD, BASE)
    transaction.execute(update(jobs).where(jobs.c.id == job_id).values(created_at=moment))
    return moment, job_id


@given(
    there=st.lists(moments, min_size=PAGE - 1, max_size=3 * PAGE),
    added=st.lists(st.lists(moments, max_size=9), max_size=6),
    bounds=st.tuples(moments, moments).map(sorted),
)
@settings(max_examples=20)
def test_what_was_there_is_shown_once_and_in_order(
    shared_house: House, there: list[float], added: list[list[float]], bounds: list[float]
) -> None:
    first, last = bounds
    window = Window(first, last)
    with shared_house.folder.database.write() as transaction:
        account, other = new_account(transaction), new_account(transaction)
        before = [add(transaction, account, moment) for moment in there]
        add(transaction, other, first)
    shown: list[tuple[float, str]] = []
    token, more = "", iter(added)
    while True:
        with shared_house.folder.database.write() as transaction:
            rows, token = list_jobs(transaction, account, window, place(token))
            shown += [(row["created_at"], row["id"]) for row in rows]
            for moment in next(more, []):
                add(transaction, account, moment)
        if not token:
            break
        assert len(rows) == PAGE

    expected = sorted((job for job in before if first <= job[0] <= last), reverse=True)
    assert [job for job in shown if job in set(before)] == expected
    assert shown == sorted(set(shown), reverse=True)
    assert all(first <= moment <= last for moment, _ in shown)
