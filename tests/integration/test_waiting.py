"""Requests that wait for a job cost the server a connection each, and nothing else."""

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.contract.calls import result
from tests.integration.watching import WORKER
from tests.support.server import Server

WAITERS = 500
POOL = 40
"""Threads for short reads, however many requests there are."""

PINGS = 50
WRITERS = 60
"""More than there are threads."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def ask(server: Server, method: str, path: str) -> Connection:
    """A connection on which a request was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = [f"{method} /api{path} HTTP/1.1", "Host: localhost", "Connection: close"]
    head += [f"Authorization: Bearer {server.key}", "API-Version: 1", "", ""]
    writer.write("\r\n".join(head).encode())
    return reader, writer


async def answer(connection: Connection) -> bytes:
    """The answer, to its end."""
    reader, writer = connection
    told = await reader.read()
    writer.close()
    await writer.wait_closed()
    return told


async def let_wait(server: Server, job_id: str) -> tuple[list[bytes], int]:
    """Half follow a job and half wait for it; meanwhile pings are answered. When it is cancelled,
    all are told. Returns what they are told, and the server's threads while they waited."""
    following = [await ask(server, "GET", f"/jobs/{job_id}/events") for _ in range(WAITERS // 2)]
    for reader, _ in following:
        await reader.readuntil(b"event: job")
    waiting = [await ask(server, "GET", f"/jobs/{job_id}?wait=60") for _ in range(WAITERS // 2)]
    for _ in range(PINGS):
        assert b"pong!" in await answer(await ask(server, "GET", "/ping"))
    threads = server.process.num_threads()
    assert b"cancelled" in await answer(await ask(server, "POST", f"/jobs/{job_id}/cancel"))
    return [await answer(connection) for connection in following + waiting], threads


def test_waiting_holds_no_thread(tmp_path: Path, tiny_folder: Path) -> None:
    with Server(tmp_path / "data", tiny_folder, public_models="local") as server:
        while not (workers := server.processes(WORKER)):
            time.sleep(0.05)
        workers[0].suspend()  # so that the job waits
        before = server.process.num_threads()
        with server.http() as http:
            body = {"modelID": "nanobanana", "prompt": "a person at the beach"}
            job_id = result(http.post("/images/generation", json=body))["jobId"]

        answers, threads = asyncio.run(let_wait(server, job_id))

        assert threads <= before + POOL
        assert len(answers) == WAITERS
        assert all(b'"status":"failed"' in answer for answer in answers)


def test_reads_are_answered_while_all_who_write_wait(tmp_path: Path, tiny_folder: Path) -> None:
    with Server(tmp_path / "data", tiny_folder) as server, server.http() as http:
        model_id = result(http.post("/models", json={"name": "Before"}))["id"]
        with (
            ThreadPoolExecutor(WRITERS) as pool,
            closing(sqlite3.connect(server.data / "likeness.db")) as other,
        ):
            other.execute("BEGIN IMMEDIATE")
            body = {"name": "Meanwhile"}
            writing = [pool.submit(http.post, "/models", json=body) for _ in range(WRITERS)]
            time.sleep(1)

            read = http.get(f"/models/{model_id}", timeout=5)

            assert result(read)["name"] == "Before"
            assert not any(write.done() for write in writing)
            other.rollback()
            assert all(result(write.result())["name"] == "Meanwhile" for write in writing)
