"""The envelope around every answer, and how each error becomes one."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

from likeness.accounts.answers import Repeated
from likeness.errors import Refusal
from likeness.mistakes import mistake
from likeness.store.unreachable import Unreachable
from likeness.wire import Record

Result = TypeVar("Result")

log = logging.getLogger(__name__)

BRANCHES = ("trained", "public")
"""Names by which a body of several shapes tells them apart: they are no part of a field's place."""


RETRY_AFTER = 5
"""Seconds until a client should ask again for what cannot be reached."""


class Answer(BaseModel, Generic[Result]):
    """A success."""

    result: Result
    status: Literal["OK"] = "OK"


class ErrorAnswer(Record):
    """A failure: show `message`, log `err`."""

    status: Literal["NOK"] = "NOK"
    message: str = Field(description="what happened and what to do, for people")
    err: str = Field(description="the cause as one word, for programs")
    result: None = None


def write(record: BaseModel, *, exclude_none: bool = False) -> Response:
    """The answer that a record is.

    FastAPI would look at the record once more, in a thread of its own: endpoints that are read all
    the time spare it that.
    """
    return Response(
        record.model_dump_json(exclude_none=exclude_none), media_type="application/json"
    )


def refuse(status: int, message: str, code: str, headers: Any = None) -> JSONResponse:
    """The answer to a request that failed."""
    content = ErrorAnswer(message=message, err=code).model_dump()
    return JSONResponse(content, status, headers=headers)


def refusal_answer(refusal: Refusal) -> JSONResponse:
    """The answer that a refusal asks for."""
    headers: dict[str, str] = {}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return refuse(refusal.status, refusal.message, refusal.code, headers)


def unreachable_answer(error: Unreachable) -> JSONResponse:
    """The answer while the data cannot be reached."""
    log.warning("a request is answered with 503: %s", error)
    message = "The server cannot reach its data at the moment. Try again in a few seconds."
    return refuse(503, message, "unavailable", {"Retry-After": str(RETRY_AFTER)})


def install(app: FastAPI) -> None:
    """Let the app answer every error in the envelope, and what was answered before as it was."""

    @app.exception_handler(Refusal)
    async def _(_: Request, error: Refusal) -> JSONResponse:
        return refusal_answer(error)

    @app.exception_handler(Repeated)
    async def _(_: Request, repeated: Repeated) -> Response:
        headers = {"Idempotency-Replayed": "true"}
        return Response(repeated.body, media_type="application/json", headers=headers)

    @app.exception_handler(Unreachable)
    async def _(_: Request, error: Unreachable) -> JSONResponse:
        return unreachable_answer(error)

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        return refuse(400, _sentence(error), "bad_request")

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error.__cause__, Refusal):
            # FastAPI wraps what is raised while it reads a body.
            return refusal_answer(error.__cause__)
        if error.status_code == HTTPStatus.NOT_FOUND:
            message = f"There is no endpoint {request.url.path[:200]}. Check the path and base URL."
            return refuse(404, message, "no_such_endpoint")
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            message = f"This endpoint does not answer {request.method}."
            return refuse(405, message, "method_not_allowed", _allowed(request, error.headers))
        if error.status_code == HTTPStatus.BAD_REQUEST:
            # What FastAPI says of bytes that are not UTF-8, endless nesting, endless numbers.
            return refuse(400, "The body cannot be read. Send JSON in UTF-8.", "bad_request")
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        return refuse(error.status_code, str(error.detail), code, error.headers)

    @app.exception_handler(Exception)
    async def _(_: Request, __: Exception) -> JSONResponse:
        # The server's log has the traceback; the client gets none.
        message = "The server made a mistake. Try again; if it stays, its log says what happened."
        return refuse(500, message, "internal_error")


def _allowed(request: Request, known: Mapping[str, str] | None) -> dict[str, str]:
    """The methods that a path answers: the router knows only those of the first route of it."""
    for template, operations in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            return {"Allow": ", ".join(sorted(method.upper() for method in operations))}
    return dict(known or {})


def _sentence(error: RequestValidationError) -> str:
    """All mistakes of a request in one text, e.g. `age: Input should be less than 120.`"""
    parts: list[str] = []
    for detail in error.errors():
        if detail["type"] == "json_invalid":
            return f"The body is not valid JSON: {detail['ctx']['error']}."
        where = [str(part) for part in detail["loc"] if part not in BRANCHES]
        if where == ["body"]:
            return "Send a JSON object as the body, with `Content-Type: application/json`."
        place = where[1:] or ["The body"]
        parts.append(mistake(place, str(detail["msg"])))
    return "; ".join(parts[:10]) + "."
