"""Client processes that lead the lives of jobs, one after the other, all at once.

    python clients.py DATABASE_URL SECONDS REPORTS

is one of them: it says when it is ready, begins when it is told to, and prints what came of it as
JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from benchmarks.costs import ACCOUNTS
from benchmarks.lives import Lives, open_accounts

from likeness.store.postgresql import PostgreSQL


@dataclass(frozen=True)
class Crew:
    """Clients that are ready."""

    processes: list[subprocess.Popen[str]]

    def work(self) -> tuple[list[float], float]:
        """The seconds of each life that they led, and those of processor time that it took them."""
        for process in self.processes:
            _of(process.stdin).write("go\n")
            _of(process.stdin).flush()
        told = [json.loads(_of(process.stdout).readline()) for process in self.processes]
        return [one for took, _ in told for one in took], sum(busy for _, busy in told)


@contextmanager
def crew(url: str, count: int, seconds: float, reports: int) -> Generator[Crew]:
    """So many clients, whose connections stay open until the block ends."""
    command = [sys.executable, __file__, url, str(seconds), str(reports)]
    processes = [
        subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(count)
    ]
    try:
        for process in processes:
            assert _of(process.stdout).readline() == "ready\n", "a client could not begin"
        yield Crew(processes)
    finally:
        for process in processes:
            process.communicate()


def _of(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def main(url: str, seconds: float, reports: int) -> None:
    """Be one client."""
    database = PostgreSQL(url)
    lives = Lives(database, open_accounts(database, ACCOUNTS))
    lives.live(reports)
    print("ready", flush=True)
    sys.stdin.readline()
    took: list[float] = []
    busy, until = time.process_time(), time.perf_counter() + seconds
    while (started := time.perf_counter()) < until:
        lives.live(reports)
        took.append(time.perf_counter() - started)
    print(json.dumps([took, time.process_time() - busy]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
