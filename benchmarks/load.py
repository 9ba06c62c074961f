"""A client that costs little: HTTP/1.1 on open connections, from a process of its own.

    python load.py '{"port": 8000, "requests": ["GET / HTTP/1.1\\r\\n..."], "seconds": 1, ...}'

Sends the requests turn by turn on each connection and prints the seconds of each as JSON.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What is sent: `pause` is in seconds, between two requests of a connection."""

    port: int
    requests: Sequence[str]
    seconds: float
    connections: int = 16
    pause: float = 0.0


@dataclass(frozen=True)
class Figures:
    """What came of it."""

    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:7.0f}/s, p50 {1e3 * self.p50:.1f} ms, p99 {1e3 * self.p99:.1f} ms"


def request(key: str, path: str, body: object = None) -> str:
    """A request as it goes over the wire."""
    head = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: localhost"]
    head += [f"Authorization: Bearer {key}", "API-Version: 1"]
    content = json.dumps(body) if body else ""
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", content])


def figures(seconds: Sequence[float], span: float) -> Figures:
    """The rate, the median and the 99th percentile."""
    ordered = sorted(seconds)
    return Figures(
        len(ordered) / span, ordered[len(ordered) // 2], ordered[int(0.99 * (len(ordered) - 1))]
    )


def put_on(load: Load) -> Figures:
    """Run a load in a process of its own."""
    command = [sys.executable, __file__, json.dumps(asdict(load))]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return figures(json.loads(told), load.seconds)


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """Send a request and read its answer, which must be a success."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"{request[:200]!r} is answered {head!r} {body[:500]!r}")


async def connection(load: Load, until: float, offset: int, taken: list[float]) -> None:
    """Ask again and again on one connection."""
    requests = [text.encode() for text in load.requests]
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    for request in cycle(requests[offset:] + requests[:offset]):
        started = time.perf_counter()
        if started > until:
            break
        await ask(reader, writer, request)
        taken.append(time.perf_counter() - started)
        if load.pause:
            await asyncio.sleep(load.pause)
    writer.close()


async def run(load: Load) -> list[float]:
    """The seconds of each request, in the time that is given."""
    taken: list[float] = []
    until = time.perf_counter() + load.seconds
    step = max(1, len(load.requests) // load.connections)
    offsets = [number * step % len(load.requests) for number in range(load.connections)]
    await asyncio.gather(*(connection(load, until, offset, taken) for offset in offsets))
    return taken


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(Load(**json.loads(sys.argv[1]))))))
