"""The access log: who asked for what, without what they wrote."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from likeness import metrics

log = logging.getLogger("likeness.access")

NONE = "none"
"""The route of what leads nowhere, or was refused before its route was looked for."""


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
            took = time.monotonic() - started
            route = getattr(scope.get("route"), "path", NONE)
            metrics.REQUESTS.labels(scope["method"], route, status).observe(took)
            log.info(
                "%s %s %d %.0f ms account=%s",
                scope["method"],
                ascii(scope["path"][:200])[1:-1],
                status,
                1000 * took,
                account.id if account else "-",
                extra={"account": account.id} if account else None,
            )
