"""How a job starts: it is written, and what it costs is reserved, both or neither."""

from collections.abc import Collection
from dataclasses import dataclass

from likeness.accounts.service import Account
from likeness.credits.prices import Piece, Prices
from likeness.credits.service import reserve
from likeness.jobs import queue
from likeness.jobs.payloads import Kind, Payload, pieces_of
from likeness.store.database import Transaction

PIECES: dict[Kind, Piece] = {
    "training": "training",
    "generation": "generation",
    "picture_order": "generation",
    "upscaling": "upscaling",
    "video": "video",
    "video_order": "video",
}
"""What is paid for in a job of each kind: who does the work does not change its price."""


@dataclass(frozen=True)
class Terms:
    """On what terms jobs start here: what they cost, on which base they are done unless it is told
    otherwise, and which `others` workers elsewhere have."""

    prices: Prices
    base: str
    others: Collection[str] = ()

    def has(self, base: str) -> bool:
        """Whether jobs can be done on this base."""
        return base == self.base or base in self.others


def start_job(
    transaction: Transaction,
    account: Account,
    model_id: str,
    payload: Payload,
    terms: Terms,
    webhook_url: str | None = None,
    *,
    base: str | None = None,
) -> str:
    """Enqueue a job, for workers that have this base if not the usual one, and return its id. It
    holds the balance: nothing else is held after it.

    Raises `InsufficientCredits`.
    """
    price = terms.prices.of(PIECES[payload.kind], model_id, pieces_of(payload))
    job_id = queue.enqueue(
        transaction,
        account.id,
        model_id,
        payload,
        base or terms.base,
        credits=price,
        webhook_url=webhook_url,
    )
    reserve(transaction, account, job_id, price)
    return job_id
