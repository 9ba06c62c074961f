"""Which workers have whose adapter in their base: what they tell each other, so that each rather
takes the jobs of those whom it knows, and leaves to others whom they know.

It is a hint. A worker that died, or whose base has let an adapter go, is believed for a while.
"""

from sqlalchemy import ColumnElement, delete, exists, text

from likeness.jobs.table import at_hand, jobs
from likeness.store.database import Transaction

LASTING = 300.0
"""Seconds for which a worker is believed to have what it had."""

# A statement of both databases, which SQLAlchemy has only for each of them.
_TELL = text(
    "INSERT INTO at_hand (model_id, owner, until) VALUES (:model, :owner, :until) "
    "ON CONFLICT (model_id, owner) DO UPDATE SET until = excluded.until"
)


def tell(transaction: Transaction, model_id: str, owner: str) -> None:
    """A worker has, or will have in a moment, the adapter of a model."""
    until = transaction.now + LASTING
    transaction.execute(_TELL.bindparams(model=model_id, owner=owner, until=until))


def is_elsewhere(transaction: Transaction, owner: str) -> ColumnElement[bool]:
    """Of a job, whether another worker has the adapter of its model."""
    return exists().where(
        at_hand.c.model_id == jobs.c.model_id,
        at_hand.c.owner != owner,
        at_hand.c.until > transaction.now,
    )


def forget_old(transaction: Transaction) -> None:
    """Remove what is believed no more."""
    transaction.execute(delete(at_hand).where(at_hand.c.until <= transaction.now))


def forget_model(transaction: Transaction, model_id: str) -> None:
    """Remove what was told of a deleted model."""
    transaction.execute(delete(at_hand).where(at_hand.c.model_id == model_id))
