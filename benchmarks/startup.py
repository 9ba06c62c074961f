"""How fast `likeness serve` answers, and how much memory its processes take.

    .venv/bin/python benchmarks/startup.py

Starts the server five times on an empty folder and prints the median time to the first `ping`, as
such and against `python -c "import fastapi, sqlalchemy"` in the same run, then the resident memory
of the API and of the worker once the base is loaded.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

ROUNDS = 5
SERVE = [sys.executable, "-m", "likeness.cli", "serve", "--port", "8961", "--data"]
PING = "http://127.0.0.1:8961/api/ping"


def time_of_imports() -> float:
    """Seconds that a bare interpreter takes for the two largest libraries of the API."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import fastapi, sqlalchemy"], check=True)
    return time.monotonic() - started


def start(folder: Path) -> tuple[psutil.Popen, float]:
    """A running server and the seconds to its first answer (a 401 is one)."""
    started = time.monotonic()
    server = psutil.Popen(
        [*SERVE, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    while time.monotonic() - started < 60:
        try:
            httpx.get(PING)
        except httpx.TransportError:
            time.sleep(0.01)
        else:
            return server, time.monotonic() - started
    raise SystemExit("the server does not answer")


def megabytes(process: psutil.Process) -> float:
    """Resident memory in MB."""
    return process.memory_info().rss / 1e6


def settled(process: psutil.Process) -> float:
    """Resident memory in MB once it has stopped growing."""
    sizes = [0.0]
    while sizes[-1] < 50 or sizes[-1] > 1.001 * sizes[-min(len(sizes), 5)]:
        time.sleep(1)
        sizes.append(megabytes(process))
    return sizes[-1]


def main() -> None:
    """Print the figures."""
    imports = [time_of_imports() for _ in range(ROUNDS)]
    times: list[float] = []
    for round_ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            server, seconds = start(Path(folder))
            times.append(seconds)
            if round_ == ROUNDS - 1:
                worker = server.children()[0]
                print(f"worker with its base: {settled(worker):.0f} MB")
                print(f"API: {megabytes(server):.0f} MB")
            server.terminate()
            server.wait()
    ping, bare = statistics.median(times), statistics.median(imports)
    print(f"first answer: {ping:.2f} s, {ping / bare:.1f} x the imports alone ({bare:.2f} s)")
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
