"""A receiver of webhooks: a real HTTP server that keeps what arrives and answers as it is told."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.support.web import WEB_HOST


@dataclass(frozen=True)
class Arrival:
    """One request that arrived; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def said(self) -> Any:
        """What the body says."""
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Whether the signature is right, by the words of the specification and not by our code."""
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        identity = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        right = base64.b64encode(hmac.digest(key, identity.encode() + self.body, "sha256"))
        return f"v1,{right.decode()}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """What has arrived, in order. `answers` are statuses by path, of which each request takes the
    first and the last one stays; a path without any is answered 204, and `/silent` never, until
    `free` is set."""

    root: str = ""
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    answers: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    free: Event = field(default_factory=Event)

    def at(self, path: str) -> list[Arrival]:
        """What has arrived at a path."""
        return [arrival for arrival in self.arrivals if arrival.path == path]

    def wait(self, path: str, count: int = 1, timeout: float = 120.0) -> list[Arrival]:
        """What has arrived at a path, once it is so much."""
        wait_for(lambda: len(self.at(path)) >= count, f"{count} at {path}", timeout)
        return self.at(path)


def wait_for(done: Callable[[], Any], what: str, timeout: float = 120.0) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < limit, f"waited {timeout:g} s for {what}"
        time.sleep(0.05)


@contextmanager
def receiver(port: int = 0) -> Generator[Receiver]:
    """A receiver at the address that the servers of tests may reach; it hangs up at the end."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.arrivals.append(Arrival(self.path, headers, body, time.time()))
            if self.path == "/silent":
                found.free.wait(300)
            left = found.answers.get(self.path, [204])
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((WEB_HOST, port), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    with server:
        found.root = f"http://{WEB_HOST}:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield found
        finally:
            found.free.set()
            server.shutdown()
