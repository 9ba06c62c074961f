"""Rules of webhooks and of the log of what was sent to them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, bindparam, func, insert, select, update

from likeness.accounts.service import Account
from likeness.store.database import Transaction
from likeness.store.ids import new_id
from likeness.webhooks.outbox import end_webhook
from likeness.webhooks.table import deliveries, messages, webhooks

MOST_SHOWN = 100
"""How many messages the log shows."""

OWNED = select(webhooks).where(
    webhooks.c.account_id == bindparam("account"), webhooks.c.removed_at.is_(None)
)
"""The webhooks of one account that are in use: where every read of them starts."""


class UnknownWebhook(Exception):
    """No webhook in use has this id. `likeness webhooks list` shows them."""


class UnknownMessage(Exception):
    """There is no such message. `likeness webhooks log` shows them."""


def add_webhook(transaction: Transaction, account: Account, url: str) -> str:
    """Tell an address of the ends of all the account's jobs from now on; returns the id."""
    webhook_id = new_id()
    transaction.execute(
        insert(webhooks).values(
            id=webhook_id, account_id=account.id, url=url, created_at=transaction.now
        )
    )
    return webhook_id


def list_webhooks(transaction: Transaction, account: Account) -> Sequence[RowMapping]:
    """The account's webhooks that are in use, oldest first."""
    return transaction.all(OWNED.order_by(webhooks.c.id), account=account.id)


def remove_webhook(transaction: Transaction, webhook_id: str) -> None:
    """End a webhook, whoever owns it, with what waits for it. The transaction is alone. Raises
    `UnknownWebhook`."""
    in_use = select(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.removed_at.is_(None))
    if transaction.hold(in_use) is None:
        raise UnknownWebhook(UnknownWebhook.__doc__)
    end_webhook(transaction, webhook_id)


def log_of(
    transaction: Transaction, account: Account, *, failed: bool = False
) -> Sequence[RowMapping]:
    """The account's newest messages, newest first, each with what its last attempt was answered;
    with `failed` only those that were given up."""
    one = deliveries.alias()
    last = select(func.max(one.c.id)).where(one.c.message_id == messages.c.id).scalar_subquery()
    query = (
        select(messages, deliveries.c.answer, deliveries.c.error)
        .select_from(messages.outerjoin(deliveries, deliveries.c.id == last))
        .where(messages.c.account_id == bindparam("account"))
        .order_by(messages.c.id.desc())
        .limit(MOST_SHOWN)
    )
    if failed:
        query = query.where(messages.c.status == "failed")
    return transaction.all(query, account=account.id)


def attempts_of(transaction: Transaction, message_id: str) -> Sequence[RowMapping]:
    """All attempts to deliver a message, whoever owns it, oldest first."""
    query = select(deliveries).where(deliveries.c.message_id == message_id)
    return transaction.all(query.order_by(deliveries.c.id))


def send_again(transaction: Transaction, message_id: str) -> None:
    """Deliver a message anew, whoever owns it and whatever became of it, with all its attempts
    before it. Raises `UnknownMessage`."""
    changed = transaction.execute(
        update(messages)
        .where(messages.c.id == message_id)
        .values(
            status="waiting",
            attempt=0,
            token=None,
            due_at=transaction.now,
            updated_at=transaction.now,
        )
    )
    if not changed.rowcount:
        raise UnknownMessage(UnknownMessage.__doc__)
