"""What a request passes before any endpoint sees it: its size, its key, its version,
its rate."""

import math

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from likeness.accounts.rates import Allowance, Rates
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


class TooManyRequests(Refusal):
    """Too many requests: the rate limit is reached. Wait, then go on."""

    status = 429


class Door:
    """Refuses a request by its size, key, version or rate before its body is read.

    Inside, `request.state.account` is the caller. `rate_limit` is how many requests a minute a key
    may send that start or change something; None is any number.
    """

    def __init__(
        self, app: ASGIApp, database: Database, upload_bytes: int, rate_limit: int | None
    ) -> None:
        self._app = app
        self._rates = Rates(database, rate_limit) if rate_limit else None
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
            key, account = await self._check(headers, limit)
            scope.setdefault("state", {})["account"] = account
            if self._rates and _changes(scope):
                allowance = await self._rates.ask(key)
                send = _telling(send, self._rates.limit, allowance)
                if not allowance.allowed:
                    raise _too_fast(self._rates.limit, allowance)
        except Refusal as refusal:
            await _drain(receive, DRAINED * limit)
            await refusal_answer(refusal)(scope, receive, send)
            return
        except Unreachable as error:
            await _drain(receive, DRAINED * limit)
            await unreachable_answer(error)(scope, receive, send)
            return
        await self._app(scope, _limited(receive, limit), send)

    async def _check(self, headers: Headers, limit: int) -> tuple[str, Account]:
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
        return key.strip(), account


def _changes(scope: Scope) -> bool:
    """Whether a request may start or change something: the contract trains with a GET."""
    return scope["method"] not in ("GET", "HEAD") or scope["path"].endswith("/train")


def _telling(send: Send, limit: int, allowance: Allowance) -> Send:
    async def send_and_tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Limit"] = str(limit)
            headers["RateLimit-Remaining"] = str(allowance.left)
            headers["RateLimit-Reset"] = str(math.ceil(allowance.reset))
        await send(message)

    return send_and_tell


def _too_fast(limit: int, allowance: Allowance) -> TooManyRequests:
    seconds = max(1, math.ceil(allowance.wait))
    refusal = TooManyRequests(
        f"Too many requests: the rate limit is {limit} a minute. Go on in {seconds} s."
    )
    refusal.retry_after = seconds
    return refusal


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
