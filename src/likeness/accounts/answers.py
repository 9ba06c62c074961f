"""Answers that are given again: the same request, sent twice with one `Idempotency-Key`, is carried
out once.

What was answered is written in the transaction that did what was asked: both or neither. A twin
that comes meanwhile waits for that transaction. A refusal did nothing, so it is not kept: asked
again, the request is looked at anew.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, text, update

from likeness.accounts.service import Account
from likeness.accounts.table import answers
from likeness.errors import Refusal
from likeness.store.database import Transaction

LIFE = 24 * 3600.0
"""Seconds for which an answer is given again."""

_OWN = select(answers.c.asked, answers.c.body, answers.c.created_at).where(
    answers.c.account_id == bindparam("account"), answers.c.key == bindparam("key")
)

# A statement of both databases, which SQLAlchemy has only for each of them. It waits for a twin.
_BEGIN = text(
    "INSERT INTO answers (account_id, key, asked, created_at) "
    "VALUES (:account, :key, :asked, :now) ON CONFLICT (account_id, key) DO UPDATE "
    "SET asked = excluded.asked, body = NULL, model_id = NULL, created_at = excluded.created_at "
    "WHERE answers.created_at < :oldest RETURNING key"
)


class KeyReused(Refusal):
    """This Idempotency-Key was sent with another request before. Make a new one for each request
    that is not a repetition."""

    status = 409


class AnswerForgotten(Refusal):
    """What this request made has been deleted since. Send a new Idempotency-Key to make it anew."""

    status = 404


class Repeated(Exception):
    """The request was answered before: `body` is what was said."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.body = body


@dataclass(frozen=True)
class Question:
    """Who asks, with which key, and a hash of what is asked."""

    account: Account
    key: str
    asked: str


def look(transaction: Transaction, question: Question) -> None:
    """Return when there is no answer yet. Raises `Repeated`, `KeyReused`, `AnswerForgotten`."""
    row = transaction.one(_OWN, account=question.account.id, key=question.key)
    if row is None or row["created_at"] < transaction.now - LIFE:
        return
    if row["asked"] != question.asked:
        raise KeyReused
    if row["body"] is None:
        raise AnswerForgotten
    raise Repeated(row["body"])


def begin(transaction: Transaction, question: Question) -> None:
    """Return when it is this transaction's to answer: none has, and none will until its end.

    First in its transaction. Raises `Repeated`, `KeyReused`, `AnswerForgotten`.
    """
    begun = transaction.scalar(
        _BEGIN,
        account=question.account.id,
        key=question.key,
        asked=question.asked,
        now=transaction.now,
        oldest=transaction.now - LIFE,
    )
    if begun is None:
        look(transaction, question)
        raise AssertionError("an answer neither begins nor is there")


def keep(transaction: Transaction, question: Question, body: str, model_id: str | None) -> None:
    """Keep what is answered; `model_id` is the model that it says something about, if any."""
    transaction.execute(
        update(answers)
        .where(answers.c.account_id == question.account.id, answers.c.key == question.key)
        .values(body=body, model_id=model_id)
    )


def forget(transaction: Transaction, model_id: str) -> None:
    """Forget what was said about a deleted model, but not that it was asked: a request that comes
    once more does not bring it back."""
    transaction.execute(update(answers).where(answers.c.model_id == model_id).values(body=None))


def drop_old(transaction: Transaction) -> None:
    """Remove answers that are not given again any more."""
    transaction.execute(delete(answers).where(answers.c.created_at < transaction.now - LIFE))
