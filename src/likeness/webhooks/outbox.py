"""The outbox: a message is written by the transaction that ends a job, and sent after it.

Nothing waits for a receiver but a thread of the sender. A message that is claimed is due again
after a while, so one whose sender was killed is sent again; only who claimed it last may write what
came of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from likeness.accounts.service import Account
from likeness.store.database import Transaction
from likeness.store.ids import new_id, new_token
from likeness.webhooks.schedule import next_delay
from likeness.webhooks.schemas import EventType
from likeness.webhooks.table import WAITING, deliveries, messages, webhooks

GONE = 410
"""The answer with which a receiver says that it wants to hear no more."""


@dataclass(frozen=True)
class Message:
    """One attempt to deliver one message; `created_at` is when the job ended."""

    id: str
    token: str
    account_id: str
    job_id: str
    webhook_id: str | None
    url: str
    type: EventType
    attempt: int
    created_at: float


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the status that was answered, or why none was; `retry_after` is in
    seconds, and 0 where nothing was asked."""

    started_at: float
    seconds: float
    answer: int | None = None
    error: str | None = None
    retry_after: float = 0.0

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken it."""
        return self.answer is not None and 200 <= self.answer < 300


def announce(
    transaction: Transaction, account: Account, job_id: str, type: EventType, asked: str | None
) -> None:
    """Write the messages about the end of a job: one for each webhook of the account, and one for
    the address that the request `asked` for."""
    query = select(webhooks.c.id, webhooks.c.url).where(
        webhooks.c.account_id == account.id, webhooks.c.removed_at.is_(None)
    )
    receivers = [(row["id"], row["url"]) for row in transaction.all(query)]
    if asked is not None:
        receivers.append((None, asked))
    for webhook_id, url in receivers:
        transaction.execute(
            insert(messages).values(
                id=new_id(),
                account_id=account.id,
                job_id=job_id,
                webhook_id=webhook_id,
                url=url,
                type=type,
                status="waiting",
                attempt=0,
                due_at=transaction.now,
                created_at=transaction.now,
                updated_at=transaction.now,
            )
        )


def has_due(transaction: Transaction, but_not: Collection[str] = ()) -> bool:
    """Whether a message is due, of any account but these."""
    due = select(messages.c.id).where(
        WAITING,
        messages.c.due_at <= transaction.now,
        messages.c.account_id.not_in(but_not),
    )
    return transaction.scalar(due.limit(1)) is not None


def claim(transaction: Transaction, lease: float, but_not: Collection[str] = ()) -> Message | None:
    """Take the message that has been due for longest, of any account but these. It is due again
    after `lease` seconds, unless its outcome is written before."""
    row = transaction.hold_next(
        select(messages)
        .where(
            WAITING,
            messages.c.due_at <= transaction.now,
            messages.c.account_id.not_in(but_not),
        )
        .order_by(messages.c.due_at, messages.c.id)
        .limit(1)
    )
    if row is None:
        return None
    token = new_token()
    _change(
        transaction,
        row,
        token=token,
        attempt=row["attempt"] + 1,
        due_at=transaction.now + lease,
    )
    return Message(
        id=row["id"],
        token=token,
        account_id=row["account_id"],
        job_id=row["job_id"],
        webhook_id=row["webhook_id"],
        url=row["url"],
        type=row["type"],
        attempt=row["attempt"] + 1,
        created_at=row["created_at"],
    )


def record(transaction: Transaction, message: Message, outcome: Outcome) -> bool:
    """Write what came of an attempt, and when the next one is. False, and nothing is written, if
    the message has been claimed again meanwhile, or removed. The transaction is alone if the answer
    was `GONE`: it ends the webhook."""
    row = transaction.hold(
        select(messages).where(
            messages.c.id == message.id,
            messages.c.token == message.token,
            WAITING,
        )
    )
    if row is None:
        return False
    transaction.execute(
        insert(deliveries).values(
            id=new_id(),
            message_id=message.id,
            started_at=outcome.started_at,
            seconds=outcome.seconds,
            answer=outcome.answer,
            error=outcome.error,
        )
    )
    delay = next_delay(message.attempt, outcome.retry_after)
    if outcome.delivered:
        _change(transaction, row, token=None, status="delivered")
    elif outcome.answer == GONE or delay is None:
        _change(transaction, row, token=None, status="failed")
    else:
        _change(transaction, row, token=None, due_at=transaction.now + delay)
    if outcome.answer == GONE and message.webhook_id is not None:
        end_webhook(transaction, message.webhook_id)
    return True


def end_webhook(transaction: Transaction, webhook_id: str) -> None:
    """Send a webhook nothing more, what waits for it included. The transaction is alone: it holds
    several messages."""
    assert transaction.alone
    transaction.execute(
        update(webhooks)
        .where(webhooks.c.id == webhook_id, webhooks.c.removed_at.is_(None))
        .values(removed_at=transaction.now)
    )
    waiting = select(messages).where(messages.c.webhook_id == webhook_id, WAITING)
    for row in transaction.hold_all(waiting.order_by(messages.c.id)):
        _change(transaction, row, token=None, status="failed")


def _change(transaction: Transaction, row: RowMapping, **values: Any) -> None:
    transaction.execute(
        update(messages)
        .where(messages.c.id == row["id"])
        .values(**values, updated_at=transaction.now)
    )
