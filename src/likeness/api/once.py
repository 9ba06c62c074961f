"""Requests that change something, once each: `Idempotency-Key`."""

import hashlib
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import IO, Annotated

from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from likeness.accounts import answers
from likeness.api.context import Context, caller_of, context_of
from likeness.api.envelope import write
from likeness.errors import Refusal
from likeness.store.database import Transaction

HEADER = "Idempotency-Key"
PIECE = 1024 * 1024

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class BadIdempotencyKey(Refusal):
    """The Idempotency-Key cannot be used. Send 1 to 255 printable ASCII characters without spaces,
    such as a UUID."""


class OneTime:
    """One request, with the key by which a repetition of it is known, if its client sent one."""

    def __init__(self, context: Context, request: Request, key: str | None) -> None:
        self._context = context
        self._account = caller_of(request)
        self._key = key
        self._asked = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        )

    def add(self, part: bytes) -> None:
        """Say what else the request is told by: what comes again must be the same."""
        self._asked.update(hashlib.sha256(part).digest())

    def add_file(self, file: IO[bytes]) -> None:
        """Say a file's content, read piece by piece; it stands at its beginning again after."""
        if self._key is not None:
            content = hashlib.sha256()
            while piece := file.read(PIECE):
                content.update(piece)
            file.seek(0)
            self._asked.update(content.digest())

    def look(self) -> None:
        """Before work that costs much: raises `Repeated`, `KeyReused`, `AnswerForgotten`."""
        if question := self._question():
            with self._context.folder.database.read() as transaction:
                answers.look(transaction, question)

    @contextmanager
    def write(self, *, alone: bool = False) -> Generator[Transaction]:
        """A transaction that does what is asked, unless that was done before. End it with
        `answer`. Raises `Repeated`, `KeyReused`, `AnswerForgotten`."""
        with self._context.folder.database.write(alone=alone) as transaction:
            if question := self._question():
                answers.begin(transaction, question)
            yield transaction

    def answer(
        self,
        transaction: Transaction,
        record: BaseModel,
        *,
        about: str | None = None,
        exclude_none: bool = False,
    ) -> Response:
        """The answer that a record is, kept with what it is the answer to. `about` is the model
        that it tells something of."""
        response = write(record, exclude_none=exclude_none)
        if question := self._question():
            answers.keep(transaction, question, bytes(response.body).decode(), about)
        return response

    def _question(self) -> answers.Question | None:
        if self._key is None:
            return None
        return answers.Question(self._account, self._key, self._asked.hexdigest())


async def _once(request: Request) -> OneTime:
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    once = OneTime(context_of(request), request, key)
    form = request.headers.get("content-type", "").lower().startswith("multipart/")
    if key is not None and request.method == "POST" and not form:
        once.add(await request.body())
    return once


Once = Annotated[OneTime, Depends(_once)]
