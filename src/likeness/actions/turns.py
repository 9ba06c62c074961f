"""Chores that one process at a time does for all, however many there are."""

from sqlalchemy import Column, Float, String, Table, bindparam, delete, insert, select

from likeness.store.database import Transaction
from likeness.store.metadata import metadata

turns = Table(
    "turns",
    metadata,
    Column("chore", String, primary_key=True),
    Column("due_at", Float, nullable=False),
)

_DUE_AT = select(turns.c.due_at).where(turns.c.chore == bindparam("chore"))


def is_due(transaction: Transaction, chore: str) -> bool:
    """Whether somebody should do it: nobody does, and it was not done lately."""
    due_at = transaction.scalar(_DUE_AT, chore=chore)
    return due_at is None or due_at <= transaction.now


def put_off(transaction: Transaction, chore: str, seconds: float) -> None:
    """Keep others from it for so long. Who does it says so again and again; who dies over it does
    not, and another one begins anew. The transaction is alone."""
    assert transaction.alone
    transaction.execute(delete(turns).where(turns.c.chore == chore))
    transaction.execute(insert(turns).values(chore=chore, due_at=transaction.now + seconds))
