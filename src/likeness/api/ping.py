"""Health and key check."""

from typing import Literal

from fastapi import APIRouter

from likeness.wire import Record

router = APIRouter(tags=["Health"])


class Pong(Record):
    """The only answer without a `result`."""

    message: Literal["pong!"] = "pong!"
    status: Literal["OK"] = "OK"


@router.get("/ping", operation_id="ping", summary="Check the server and your key")
async def ping() -> Pong:
    """Answers `pong!` when the key and the API version are right."""
    return Pong()
