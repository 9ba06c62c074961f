"""The access log: who asked for what, without what they wrote."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("likeness.access")


class AccessLog:
    """Logs method, path, status and time of each request: no query, no header, no body.

    Keys and prompts are in those, and so are the signatures of file URLs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.monotonic(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            account = scope.get("state", {}).get("account")
            log.info(
                "%s %s %d %.0f ms account=%s",
                scope["method"],
                ascii(scope["path"][:200])[1:-1],
                status,
                1000 * (time.monotonic() - started),
                account.id if account else "-",
            )
