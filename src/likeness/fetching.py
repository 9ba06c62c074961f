"""Fetching what a client names by URL, and sending there what it asked for, without being led into
the operator's own network.

The address that is checked is the address that is connected to, at every redirect: a name is
resolved once, and the connection is made to that number.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import urljoin

import httpcore
import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
LONGEST_URL = 4096
AT_ONCE = 64 * 1024
# Networks whose addresses hold an IPv4 address that a gateway would lead to: NAT64 (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class FetchError(Exception):
    """The address could not be fetched; the message says why, in words for the client."""


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Reply:
    """What was answered to what was sent: the status, and the headers by their names in lower
    case."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Fetcher:
    """Fetches from public addresses, and from those in the networks of `allow`, and sends to them.

    At most `most_bytes` of body, in at most `seconds` from the first step to the last byte.
    """

    allow: Sequence[Network] = ()
    most_bytes: int = 20 * 1024 * 1024
    seconds: float = 30.0
    resolve: Resolve = field(default=resolve)

    def fetch(self, url: str, file: IO[bytes]) -> None:
        """Write what is at an http or https address to `file`. Raises FetchError."""
        deadline = time.monotonic() + self.seconds
        backend = _Guarded(self, deadline)
        with httpcore.ConnectionPool(network_backend=backend, retries=0) as pool:
            for _ in range(MOST_REDIRECTS + 1):
                onward = self._follow(pool, _parsed(url), file)
                if onward is None:
                    return
                url = urljoin(url, onward)
        raise FetchError(f"it redirects more than {MOST_REDIRECTS} times")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send a body to an http or https address. No redirect is followed, and the body of the
        reply is not read. Raises FetchError."""
        backend = _Guarded(self, time.monotonic() + self.seconds)
        lines = [*headers.items(), ("Content-Length", str(len(body)))]
        with (
            httpcore.ConnectionPool(network_backend=backend, retries=0) as pool,
            self._asked(pool, "POST", _parsed(url), lines, body) as answer,
        ):
            return Reply(answer.status, _texts(answer.headers))

    def is_allowed(self, address: Address) -> bool:
        """Whether an address may be connected to: public, with all that it stands for."""
        if any(address in network for network in self.allow if network.version == address.version):
            return True
        return all(one.is_global and not one.is_multicast for one in _meanings(address))

    def _follow(self, pool: httpcore.ConnectionPool, url: httpx.URL, file: IO[bytes]) -> str | None:
        """Write the body, or return where a redirect leads to."""
        # What is unpacked on the way could be far larger than what was sent.
        with self._asked(pool, "GET", url, [("Accept-Encoding", "identity")]) as answer:
            sent = _texts(answer.headers)
            if answer.status in REDIRECTS and "location" in sent:
                return sent["location"]
            if answer.status != 200:
                raise FetchError(f"it answers {answer.status}")
            self._receive(answer, sent, file)
            return None

    @contextmanager
    def _asked(
        self,
        pool: httpcore.ConnectionPool,
        method: str,
        url: httpx.URL,
        headers: Sequence[tuple[str, str]],
        body: bytes | None = None,
    ) -> Generator[httpcore.Response]:
        """The answer to a request, its body not read yet. Raises FetchError, also for what goes
        wrong while it is read."""
        common = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", "Likeness"),
            ("Accept", "*/*"),
            ("Connection", "close"),
        ]
        target = f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
        try:
            with pool.stream(method, target, headers=[*common, *headers], content=body) as answer:
                yield answer
        except (httpcore.TimeoutException, TimeoutError):
            raise FetchError(f"it took longer than {self.seconds:g} s") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            raise FetchError(f"it cannot be reached ({error or type(error).__name__})") from error

    def _receive(self, answer: httpcore.Response, sent: Mapping[str, str], file: IO[bytes]) -> None:
        if sent.get("content-encoding", "identity").lower() != "identity":
            raise FetchError("it is packed, although it was asked for as it is")
        length, received = sent.get("content-length", ""), 0
        if length.isascii() and length.isdigit() and int(length) > self.most_bytes:
            raise self._too_large()
        for chunk in answer.iter_stream():
            received += len(chunk)
            if received > self.most_bytes:
                raise self._too_large()
            file.write(chunk)

    def _too_large(self) -> FetchError:
        return FetchError(f"it is larger than {self.most_bytes:,} bytes")


class _Guarded(httpcore.NetworkBackend):
    """Connects to addresses that the fetcher allows, and to no name."""

    def __init__(self, fetcher: Fetcher, deadline: float) -> None:
        self._fetcher = fetcher
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [ipaddress.ip_address(one) for one in self._fetcher.resolve(host, port)]
        if not addresses:
            raise FetchError("its host has no address")
        # One bad address is enough: which one is taken must not be the other side's choice.
        if not all(self._fetcher.is_allowed(address) for address in addresses):
            raise FetchError("its host is not on the public internet")
        stream = self._sockets.connect_tcp(
            str(addresses[0]), port, _left(self._deadline), local_address, socket_options
        )
        return _Hurried(stream, self._deadline)


class _Hurried(httpcore.NetworkStream):
    """A stream that ends at a deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(min(max_bytes, AT_ONCE), _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline)
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _parsed(url: str) -> httpx.URL:
    if len(url) > LONGEST_URL:
        raise FetchError(f"it has more than {LONGEST_URL} characters")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"it is not a URL ({error})") from None
    if parsed.scheme not in ("http", "https"):
        raise FetchError("it does not begin with http:// or https://")
    if not parsed.host:
        raise FetchError("it names no host")
    return parsed


def _meanings(address: Address) -> list[Address]:
    """An address, and the IPv4 addresses that it wraps."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    wrapped = [address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *(one for one in wrapped if one is not None)]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
