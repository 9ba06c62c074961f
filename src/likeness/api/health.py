"""What looks after servers asks them, without a key."""

from typing import Literal

from fastapi import APIRouter
from sqlalchemy import literal, select

from likeness.api.context import Ctx
from likeness.store.database import Transaction
from likeness.wire import Record

router = APIRouter()

_ONE = select(literal(1))


class Fine(Record):
    """All is well."""

    status: Literal["OK"] = "OK"


@router.get("/healthz", include_in_schema=False)
async def is_alive() -> Fine:
    """The process answers. What it cannot reach comes back without a new start."""
    return Fine()


@router.get("/readyz", include_in_schema=False)
async def is_ready(context: Ctx) -> Fine:
    """Requests can be answered: the database can be reached. Else 503."""

    def look(transaction: Transaction) -> object:
        return transaction.scalar(_ONE)

    await context.read(look)
    return Fine()
