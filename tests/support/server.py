"""A real server: `likeness serve` in a process of its own, with its worker below it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

from likeness.client import Client

PROGRAM = [sys.executable, "-m", "likeness.cli"]
VERSION = {"API-Version": "1"}


def make_key(
    data: Path,
    name: str = "test",
    account: str = "default",
    environment: Mapping[str, str] = os.environ,
) -> str:
    """A new key, made by the command line."""
    command = [*PROGRAM, "keys", "create", name, "--account", account, "--data", str(data)]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return made.stdout.strip()


class Server:
    """`likeness serve` over a data folder; `settings` are options, e.g. `lease=5`."""

    def __init__(self, data: Path, base: Path | str, port: int | None = None, **settings: object):
        self.data = data
        self.port = port or free_port()
        self._environment = {
            **{name: value for name, value in os.environ.items() if "LIKENESS_" not in name},
            "LIKENESS_BASE": str(base),
            "LIKENESS_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
            **{f"LIKENESS_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.log = data.parent / f"{data.name}.log"
        self._process: psutil.Popen | None = None
        self.key = make_key(data, environment=self._environment)

    @property
    def root(self) -> str:
        """The address without `/api`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """The base URL for clients."""
        return f"{self.root}/api"

    def client(self, key: str | None = None) -> Client:
        """Our own client."""
        return Client(self.api, key or self.key)

    def http(self, key: str | None = None, **headers: str) -> httpx.Client:
        """A plain HTTP client that sends the key and the version."""
        wanted = {"Authorization": f"Bearer {key or self.key}", **VERSION, **headers}
        return httpx.Client(base_url=self.api, headers=wanted, timeout=60)

    def start(self, timeout: float = 300.0) -> float:
        """Start it and wait until `ping` answers; returns the seconds that took."""
        started = time.monotonic()
        command = [*PROGRAM, "serve", "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self._process = psutil.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment
            )
        with self.http() as http:
            while time.monotonic() - started < timeout:
                assert self.process.poll() is None, self.log.read_text()[-3000:]
                try:
                    if http.get("/ping").status_code == 200:
                        return time.monotonic() - started
                except httpx.TransportError:
                    time.sleep(0.02)
        raise AssertionError(f"no answer within {timeout} s: {self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def kill(self) -> None:
        """`kill -9` of the API process."""
        self.process.kill()
        self.process.wait(timeout=10)
        self._process = None

    @property
    def process(self) -> psutil.Popen:
        """The API process."""
        assert self._process is not None, "the server is not running"
        return self._process

    def processes(self, module: str) -> list[psutil.Process]:
        """Living processes of this server that run `python -m module`.

        A child that one of them has just begun looks like it until it becomes its own program.
        """
        found: dict[int, tuple[psutil.Process, int]] = {}
        for process in psutil.process_iter():
            try:
                if module in process.cmdline() and self._is_ours(process):
                    found[process.pid] = process, process.ppid()
            except psutil.Error:
                continue
        return [process for process, parent in found.values() if parent not in found]

    def _is_ours(self, process: psutil.Process) -> bool:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.environ().get("LIKENESS_DATA") == str(self.data)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
