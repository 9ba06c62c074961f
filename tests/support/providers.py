"""A server that speaks the documented REST of every provider, and misbehaves where a prompt asks it
to, with words in brackets."""

import base64
import json
import re
import select
import socket
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from tests.support.photos import small
from tests.support.provider_answers import ERRORS, REFUSALS, made, task_state
from tests.support.web import WEB_HOST

KEYS = {name: f"key-of-{name}" for name in ("openai", "google", "byteplus", "xai")}
KEYS["kling"] = "access-of-kling:secret-of-kling"
PATHS = {
    "openai": "/openai/v1",
    "google": "/google/v1beta",
    "byteplus": "/byteplus/api/v3",
    "xai": "/xai/v1",
    "kling": "/kling/v1",
}
VIDEO = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41" + bytes(100)


@dataclass(frozen=True)
class Request:
    """What was asked: the provider, the path below its address, headers, JSON or a form."""

    provider: str
    method: str
    path: str
    headers: Message
    body: dict[str, Any]
    files: dict[str, list[bytes]]

    @property
    def prompt(self) -> str:
        """The prompt, wherever the provider has it."""
        found = re.search(r'"(?:prompt|text)": "([^"]*)"', json.dumps(self.body))
        return found[1] if found else ""


@dataclass
class Providers:
    """All providers; `requests` are those that they got, `fetched` what was fetched elsewhere.

    A request that asks to hang hangs until `released` is set; `hanging` counts those that do, and
    `left` those of them whose sender went away. `done` are tasks that would go on for ever.
    """

    root: str = ""
    elsewhere: str = ""
    requests: list[Request] = field(default_factory=list)
    fetched: list[Message] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    hanging: int = 0
    most_hanging: int = 0
    left: int = 0
    released: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    video: bytes = VIDEO
    picture: bytes = field(default_factory=lambda: small("PNG", (128, 128)))

    def url(self, provider: str) -> str:
        """Where a provider is."""
        return self.root + PATHS[provider]

    @property
    def urls(self) -> str:
        """The setting that leads to this server."""
        return ",".join(f"{name}={self.url(name)}" for name in PATHS)

    def of(self, prompt: str) -> list[Request]:
        """The requests with a prompt that holds these words."""
        return [request for request in self.requests if prompt in request.prompt]

    def hang(self, connection: socket.socket) -> None:
        """Return when released, or when the other side has gone."""
        with self.lock:
            self.hanging += 1
            self.most_hanging = max(self.hanging, self.most_hanging)
        gone = False
        while not gone and not self.released.is_set():
            readable, _, _ = select.select([connection], [], [], 0.05)
            gone = bool(readable) and not connection.recv(1, socket.MSG_PEEK)
        with self.lock:
            self.hanging -= 1
            self.left += gone

    def answer(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        provider, prompt = request.provider, request.prompt
        if not _signed(request):
            return _json(401, ERRORS["denied"](provider, f"Incorrect key: {KEYS[provider]}"))
        if request.method == "GET":
            self.looks[request.path] += 1
            task = request.path.rsplit("/", 1)[-1].rsplit("-", 1)[-1]
            return _json(200, task_state(provider, task, self.looks[request.path], self))
        self.asked[prompt] += 1
        if busy := re.search(r"\[busy (\d)\]", prompt):
            if self.asked[prompt] <= int(busy[1]):
                return _json(429, ERRORS["busy"](provider, "Slow down"), {"Retry-After": "0"})
        elif "[down]" in prompt:
            return 503, {"Retry-After": "0"}, b"<html>overloaded</html>"
        elif "[poor]" in prompt:
            return _json(429, ERRORS["busy"](provider, "insufficient_quota"))
        elif "[bad]" in prompt:
            return _json(400, ERRORS["bad"](provider, "Invalid size for project 4711"))
        elif "[text]" in prompt:
            return 200, {}, b"a picture, honestly"
        elif "[list]" in prompt:
            return 200, {}, b"[" * 100_000
        elif "[empty]" in prompt:
            return _json(200, {})
        elif "[long]" in prompt:
            return 200, {"Content-Length": str(10**12)}, b"{"
        elif "[refuse]" in prompt:
            return _json(*REFUSALS[provider])
        noise = b"no picture" if "[noise]" in prompt else self.picture
        return _json(200, made(provider, request.path, base64.b64encode(noise).decode(), prompt))


def _signed(request: Request) -> bool:
    if request.provider == "google":
        return request.headers["x-goog-api-key"] == KEYS["google"]
    word, _, token = request.headers["Authorization"].partition(" ")
    if request.provider != "kling":
        return (word, token) == ("Bearer", KEYS[request.provider])
    claims = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=="))["iss"] == "access-of-kling"


def _json(
    status: int, body: Any, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    return status, headers or {}, json.dumps(body).encode()


def _form(headers: Message, content: bytes) -> tuple[dict[str, Any], dict[str, list[bytes]]]:
    kind = headers["Content-Type"]
    if not kind or not kind.startswith("multipart/"):
        return json.loads(content or b"{}"), {}
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
    body: dict[str, Any] = {}
    files: dict[str, list[bytes]] = {}
    for part in whole.get_payload():
        assert isinstance(part, Message)
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        if part.get_filename():
            files.setdefault(name, []).append(payload)
        else:
            body[name] = payload.decode()
    return body, files


@contextmanager
def providers() -> Generator[Providers]:
    """Run them."""
    state = Providers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            provider = self.path.split("/")[1]
            path = self.path.removeprefix(PATHS[provider] + "/")
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body, files = _form(self.headers, content)
            request = Request(provider, self.command, path, self.headers, body, files)
            state.requests.append(request)
            status, headers, answer = state.answer(request)
            if "[hang]" in request.prompt:
                state.hang(self.connection)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(answer))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(answer)
            except ConnectionError:
                self.close_connection = True

        def do_GET(self) -> None:
            if self.path.endswith(":download"):
                self.send_response(302)
                self.send_header("Location", f"{state.elsewhere}/video.mp4")
                self.end_headers()
            else:
                self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.fetched.append(self.headers)
            body = {"/video.mp4": state.video, "/page.mp4": b"<html>no video</html>"}.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with (
        ThreadingHTTPServer((WEB_HOST, 0), Handler) as server,
        ThreadingHTTPServer((WEB_HOST, 0), Elsewhere) as storage,
    ):
        for one in (server, storage):
            Thread(target=one.serve_forever, daemon=True).start()
        state.root = f"http://{WEB_HOST}:{server.server_port}"
        state.elsewhere = f"http://{WEB_HOST}:{storage.server_port}"
        try:
            yield state
        finally:
            state.released.set()
            server.shutdown()
            storage.shutdown()
