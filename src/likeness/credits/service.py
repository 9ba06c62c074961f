"""Rules of the ledger: what a job costs is reserved at its start, settled or refunded at its end.

Each entry says by how much it changed the two numbers of a balance, so the entries of an account
add up to it at any time. What costs nothing is not written down.

A balance is held last in a transaction: those who wait for it hold up nobody that it waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import RowMapping, bindparam, insert, select, update

from likeness.accounts.service import Account
from likeness.credits.table import balances, credit_entries
from likeness.errors import Refusal, sentence
from likeness.store.database import Transaction
from likeness.store.ids import new_id

MOST = 2_000_000_000
"""What one account may have: the largest round number that fits a column of both databases."""

OWNED = select(credit_entries).where(credit_entries.c.account_id == bindparam("account"))
"""The entries of one account: where every read of them starts."""

_BALANCE = select(balances).where(balances.c.account_id == bindparam("account"))

EntryKind = Literal["grant", "reserve", "settle", "refund"]


class InsufficientCredits(Refusal):
    """There are insufficient credits for this. Ask the operator of this server for more."""


class BadGrant(Exception):
    """The grant would leave less than nothing, or more than 2,000,000,000 credits. Name another
    amount."""


@dataclass(frozen=True)
class Balance:
    """What an account can spend, and what its unfinished jobs hold of what it had."""

    available: int
    reserved: int


def balance_of(transaction: Transaction, account: Account) -> Balance:
    """The account's balance: nothing, if it never had any."""
    row = transaction.one(_BALANCE, account=account.id)
    return Balance(row["available"], row["reserved"]) if row else Balance(0, 0)


def entries_of(transaction: Transaction, account: Account) -> Sequence[RowMapping]:
    """The account's ledger, oldest first."""
    return transaction.all(OWNED.order_by(credit_entries.c.id), account=account.id)


def grant(transaction: Transaction, account: Account, amount: int, note: str) -> Balance:
    """Give an account credits, or take some that it has not spent with a negative amount.

    The transaction is alone, so that two cannot make the same balance. Raises `BadGrant`.
    """
    assert transaction.alone
    row = transaction.hold(_BALANCE, account=account.id)
    before = Balance(row["available"], row["reserved"]) if row else Balance(0, 0)
    if not 0 <= before.available + amount <= MOST - before.reserved:
        raise BadGrant(f"{sentence(BadGrant)} ({before.available:,} are left.)")
    if row is None:
        transaction.execute(insert(balances).values(account_id=account.id, available=0, reserved=0))
    _change(transaction, account, None, "grant", amount, 0, note)
    return balance_of(transaction, account)


def reserve(transaction: Transaction, account: Account, job_id: str, amount: int) -> None:
    """Set aside what a job costs, at its start. Raises `InsufficientCredits`."""
    if amount and not _change(transaction, account, job_id, "reserve", -amount, amount):
        left = balance_of(transaction, account).available
        raise InsufficientCredits(
            f"There are insufficient credits: this costs {amount:,}, and {left:,} are left. Ask "
            "the operator of this server for more."
        )


def settle(transaction: Transaction, account: Account, job_id: str, amount: int) -> None:
    """Spend what was reserved for a job, which succeeded."""
    if amount:
        _must_change(transaction, account, job_id, "settle", 0, -amount)


def refund(transaction: Transaction, account: Account, job_id: str, amount: int) -> None:
    """Give back what was reserved for a job, which failed or was cancelled."""
    if amount:
        _must_change(transaction, account, job_id, "refund", amount, -amount)


def _must_change(
    transaction: Transaction,
    account: Account,
    job_id: str,
    kind: EntryKind,
    available: int,
    reserved: int,
) -> None:
    changed = _change(transaction, account, job_id, kind, available, reserved)
    assert changed, f"job {job_id}: less is reserved than it costs"


def _change(
    transaction: Transaction,
    account: Account,
    job_id: str | None,
    kind: EntryKind,
    available: int,
    reserved: int,
    note: str = "",
) -> bool:
    """Change a balance and write down why; False, and nothing is changed, where less than nothing
    would be left."""
    # One statement, which the database runs on the newest row, whoever changed it before.
    changed = transaction.execute(
        update(balances)
        .where(
            balances.c.account_id == account.id,
            balances.c.available + available >= 0,
            balances.c.reserved + reserved >= 0,
        )
        .values(available=balances.c.available + available, reserved=balances.c.reserved + reserved)
    )
    if not changed.rowcount:
        return False
    transaction.execute(
        insert(credit_entries).values(
            id=new_id(),
            account_id=account.id,
            job_id=job_id,
            kind=kind,
            available=available,
            reserved=reserved,
            note=note,
            created_at=transaction.now,
        )
    )
    return True
