"""The ledger of credits, looked at as a bookkeeper does."""

from sqlalchemy import select

from likeness.accounts.service import Account
from likeness.credits import service as credits
from likeness.credits.service import Balance
from likeness.jobs.table import jobs
from likeness.store.database import Transaction


def assert_it_adds_up(transaction: Transaction, account: Account) -> Balance:
    """The ledger explains the balance, and unfinished jobs what of it is reserved."""
    balance = credits.balance_of(transaction, account)
    entries = credits.entries_of(transaction, account)
    assert sum(entry["available"] for entry in entries) == balance.available >= 0
    assert sum(entry["reserved"] for entry in entries) == balance.reserved >= 0
    rows = transaction.all(select(jobs).where(jobs.c.account_id == account.id))
    open_ones = [row for row in rows if row["status"] in ("queued", "running")]
    assert sum(row["credits"] for row in open_ones) == balance.reserved
    granted = sum(entry["available"] for entry in entries if entry["kind"] == "grant")
    spent = sum(row["credits"] for row in rows if row["status"] == "success")
    assert balance.available + balance.reserved == granted - spent
    assert all(row["credits"] == 0 for row in rows if row["status"] == "failed")
    return balance
