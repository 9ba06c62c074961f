"""What a request passes before any endpoint sees it: its size, its key, its version."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from likeness.accounts.service import Account, Keyring
from likeness.api.envelope import refusal_answer, unreachable_answer
from likeness.errors import Refusal
from likeness.store.database import Database
from likeness.store.unreachable import Unreachable

API = "/api"
OPEN = (f"{API}/docs", f"{API}/openapi.json")
"""What may be read without a key."""

UPLOAD = f"{API}/images/upload"
JSON_BYTES = 1024 * 1024
DRAINED = 4
"""A refused body is read up to this many times its limit, so that the client hears the answer."""


class MissingKey(Refusal):
    """The request has no API key. Send the header `Authorization: Bearer <your key>`."""

    status = 401


class InvalidKey(Refusal):
    """The API key is unknown or was revoked. `likeness keys create NAME` makes a new one."""

    status = 401


class UnsupportedVersion(Refusal):
    """The header `API-Version` is missing or not supported. Send `API-Version: 1`."""


class RequestTooLarge(Refusal):
    """The request is too large."""

    status = 413


class Door:
    """Refuses a request by its size, key or version before its body is read.

    Inside, `request.state.account` is the caller.
    """

    def __init__(self, app: ASGIApp, database: Database, upload_bytes: int) -> None:
        self._app = app
        self._keyring = Keyring(database)
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        guarded = scope["type"] == "http" and (path == API or path.startswith(f"{API}/"))
        if not guarded or path.startswith(OPEN):
            await self._app(scope, receive, send)
            return
        limit = self._upload_bytes if path == UPLOAD else JSON_BYTES
        headers = Headers(scope=scope)
        try:
            scope.setdefault("state", {})["account"] = await self._check(headers, limit)
        except Refusal as refusal:
            await _drain(receive, DRAINED * limit)
            await refusal_answer(refusal)(scope, receive, send)
            return
        except Unreachable as error:
            await _drain(receive, DRAINED * limit)
            await unreachable_answer(error)(scope, receive, send)
            return
        await self._app(scope, _limited(receive, limit), send)

    async def _check(self, headers: Headers, limit: int) -> Account:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise MissingKey
        account = await self._keyring.authenticate(key.strip())
        if account is None:
            raise InvalidKey
        if headers.get("api-version", "").strip() != "1":
            raise UnsupportedVersion
        if int(headers.get("content-length", 0)) > limit:
            raise _too_large(limit)
        return account


def _too_large(limit: int) -> RequestTooLarge:
    return RequestTooLarge(f"The request is larger than {limit:,} bytes. Send a smaller one.")


def _limited(receive: Receive, limit: int) -> Receive:
    read = 0

    async def receive_limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            await _drain(receive, DRAINED * limit)
            raise _too_large(limit)
        return message

    return receive_limited


async def _drain(receive: Receive, most: int) -> None:
    read, more = 0, True
    while more and read < most:
        message = await receive()
        read += len(message.get("body", b""))
        more = message.get("more_body", False)
