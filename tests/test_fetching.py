"""Fetching by URL, and sending: what is public is reached, and nothing leads anywhere else."""

import io
import ipaddress
import threading
import time
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.fetching import Address, Fetcher, FetchError, Reply

PUBLIC = "127.0.0.1"  # the one address that these tests take for a public one
PRIVATE = "127.0.0.2"
BODY = b"a picture" * 1000


class Site(BaseHTTPRequestHandler):
    """Answers by path; `asked` keeps every request that reached it."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        assert isinstance(self.server, ThreadingHTTPServer)
        port = self.server.server_port
        match self.path:
            case "/picture":
                self._send(200, BODY)
            case "/relative":
                self._send(302, b"", Location="/picture")
            case "/inside":
                self._send(302, b"", Location=f"http://{PRIVATE}:{port}/picture")
            case "/to-file":
                self._send(301, b"", Location="file:///etc/passwd")
            case "/loop":
                self._send(302, b"", Location="/loop")
            case "/packed":
                self._send(200, BODY, **{"Content-Encoding": "gzip"})
            case "/endless":
                self._send(200, None)
                self._drip(b"x" * 10_000, 1000, 0)
            case "/dripping":
                self._send(200, None)
                self._drip(b"x", 100, 0.1)
            case "/slow-headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                self._drip(b"X-Y: z\r\n", 100, 0.1)
            case "/nonsense":
                self.wfile.write(b"nonsense\r\n\r\n")
            case _:
                self._send(404, b"")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.asked.append(f"{self.path} {self.headers['X-Said']} {self.rfile.read(length)!r}")
        match self.path:
            case "/inside":
                self._send(307, b"", Location=f"http://{PRIVATE}/picture")
            case "/endless":
                self._send(200, None)
                self._drip(b"x" * 10_000, 1000, 0)
            case "/busy":
                self._send(503, b"", **{"Retry-After": "120"})
            case "/slow-headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                self._drip(b"X-Y: z\r\n", 100, 0.1)
            case _:
                self._send(204, b"")

    def _send(self, status: int, body: bytes | None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body or b"")

    def _drip(self, piece: bytes, count: int, pause: float) -> None:
        try:
            for _ in range(count):
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def port() -> Generator[int]:
    """A site on every loopback address, the allowed one and the forbidden one."""
    with ThreadingHTTPServer(("0.0.0.0", 0), Site) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def fetcher(most_bytes: int = 100_000, seconds: float = 5.0) -> Fetcher:
    return Fetcher((ipaddress.ip_network(PUBLIC),), most_bytes, seconds)


def fetch(url: str, by: Fetcher | None = None) -> bytes:
    file = io.BytesIO()
    (by or fetcher()).fetch(url, file)
    return file.getvalue()


@pytest.mark.parametrize("path", ["picture", "relative"])
def test_what_is_allowed_is_fetched(port: int, path: str) -> None:
    assert fetch(f"http://{PUBLIC}:{port}/{path}") == BODY


@pytest.mark.parametrize(
    "host",
    [
        *(PRIVATE, "127.2", "2130706434", "0x7f000002", "0177.0.0.2", "0", "0.0.0.0"),
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.2]", "[::ffff:a00:1]"),
        *("[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[::127.0.0.2]", "[ff02::1]"),
        "user:password@127.0.0.2",
    ],
)
def test_what_is_not_public_is_not_asked(port: int, host: str) -> None:
    name, at, address = host.rpartition("@")
    before = len(Site.asked)

    with pytest.raises(FetchError):
        fetch(f"http://{name}{at}{address}:{port}/picture")

    assert len(Site.asked) == before


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "data:image/png;base64,AAAA", "ftp://127.0.0.1/", "gopher://x"),
        *("", "picture.jpg", "//127.0.0.1/", "http://", "http:///x", "https://[", "http://a b/"),
        *("http://127.0.0.1:99999/", "http://" + "a" * 300 + "/", "http://x/" + "a" * 5000),
        *("javascript:alert(1)", "http://\0/", "http://no-such-host.invalid/"),
    ],
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("inside", "not on the public internet"),
        ("to-file", "does not begin with http"),
        ("loop", "redirects more than 5 times"),
        ("packed", "packed"),
        ("endless", "larger than 100,000 bytes"),
        ("nothing", "answers 404"),
        ("nonsense", "cannot be reached"),
    ],
)
def test_what_a_site_may_try(port: int, path: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        fetch(f"http://{PUBLIC}:{port}/{path}")


def test_a_length_that_is_too_large_is_not_read(port: int) -> None:
    file = io.BytesIO()

    with pytest.raises(FetchError, match="larger than 100 bytes"):
        fetcher(most_bytes=100).fetch(f"http://{PUBLIC}:{port}/picture", file)

    assert file.getvalue() == b""


@pytest.mark.parametrize("path", ["dripping", "slow-headers"])
def test_dripping_ends(port: int, path: str) -> None:
    started = time.monotonic()

    with pytest.raises(FetchError, match="longer than 1 s"):
        fetch(f"http://{PUBLIC}:{port}/{path}", fetcher(seconds=1))

    assert time.monotonic() - started < 8


def test_the_address_that_was_checked_is_the_one_connected_to(port: int) -> None:
    answers = iter([PUBLIC, PRIVATE])
    by = Fetcher((ipaddress.ip_network(PUBLIC),), resolve=lambda *_: [next(answers)])

    assert fetch(f"http://rebinding.example:{port}/picture", by) == BODY
    assert next(answers) == PRIVATE  # it was asked for once


def test_a_host_with_one_bad_address_is_refused(port: int) -> None:
    by = Fetcher((ipaddress.ip_network(PUBLIC),), resolve=lambda *_: [PUBLIC, PRIVATE])

    with pytest.raises(FetchError, match="not on the public internet"):
        fetch(f"http://mixed.example:{port}/picture", by)


def post(url: str, by: Fetcher | None = None) -> Reply:
    return (by or fetcher()).post(url, b"news", {"X-Said": "hello"})


@pytest.mark.parametrize(
    ("path", "status"), [("hook", 204), ("inside", 307), ("endless", 200), ("busy", 503)]
)
def test_what_is_sent_arrives_once_and_is_led_nowhere(port: int, path: str, status: int) -> None:
    before = len(Site.asked)

    reply = post(f"http://{PUBLIC}:{port}/{path}")

    assert reply.status == status
    assert Site.asked[before:] == [f"/{path} hello b'news'"]
    assert reply.headers.get("retry-after") == ("120" if path == "busy" else None)


@pytest.mark.parametrize("host", [PRIVATE, "[::ffff:127.0.0.2]", "169.254.169.254"])
def test_nothing_is_sent_to_what_is_not_public(port: int, host: str) -> None:
    before = len(Site.asked)

    with pytest.raises(FetchError, match="not on the public internet"):
        post(f"http://{host}:{port}/hook")

    assert len(Site.asked) == before


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "https://[", "http://nowhere.invalid/"])
def test_nothing_is_sent_to_what_is_no_address(url: str) -> None:
    with pytest.raises(FetchError):
        post(url)


def test_a_receiver_that_drips_is_left(port: int) -> None:
    with pytest.raises(FetchError, match="longer than 1 s"):
        post(f"http://{PUBLIC}:{port}/slow-headers", fetcher(seconds=1))


def test_what_is_sent_goes_to_the_address_that_was_checked(port: int) -> None:
    answers = iter([PUBLIC, PRIVATE])
    by = Fetcher((ipaddress.ip_network(PUBLIC),), resolve=lambda *_: [next(answers)])

    assert post(f"http://rebinding.example:{port}/hook", by).status == 204
    assert next(answers) == PRIVATE  # it was asked for once


@given(st.ip_addresses())
def test_only_global_addresses_are_allowed_by_themselves(address: Address) -> None:
    if Fetcher().is_allowed(address):
        mapped = getattr(address, "ipv4_mapped", None) or address
        assert mapped.is_global and not mapped.is_loopback and not mapped.is_private
