"""What a request costs, beside the least that it could cost with the same framework.

    .venv/bin/python benchmarks/api.py [--rows 1000000] [--seconds 2]

Runs the API without a worker and `bare.py` on the same rows, turn by turn, and prints requests per
second, medians and 99th percentiles, and what they are of each other. `--rows` is the size of the
large folder (jobs and images), `--seconds` the length of each of the runs.
"""

import argparse
import asyncio
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from load import Figures, Load, put_on, request
from PIL import Image
from rows import Full, fill

HERE = Path(__file__).parent
ROUNDS = 5
FEW = 1_000
WAITERS = 500
UPLOADS = 5


def serve(data: Path, port: int) -> None:
    """The API as `likeness serve` runs it, without a worker."""
    import uvicorn

    from likeness.api.app import create_app
    from likeness.logs import start_logging
    from likeness.settings import Settings
    from likeness.store.folder import DataFolder

    start_logging("text")
    app = create_app(Settings.read(data=data), DataFolder(data))
    uvicorn.run(app, port=port, log_config=None, access_log=False, timeout_keep_alive=75)


@contextmanager
def running(*command: str | Path) -> Generator[tuple[int, psutil.Process]]:
    """A server in a process of its own: its port, once it answers, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = [sys.executable, *map(str, command), str(port)]
    server = psutil.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            assert server.poll() is None, f"{words} ended"
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield port, server
    finally:
        server.terminate()
        server.wait()


def side_by_side(loads: dict[str, Load]) -> dict[str, Figures]:
    """Run each load in turn, several times over; of each figure the median of all rounds."""
    rounds = [{name: put_on(load) for name, load in loads.items()} for _ in range(ROUNDS)]

    def median(name: str, figure: Callable[[Figures], float]) -> float:
        return statistics.median(figure(one[name]) for one in rounds)

    return {
        name: Figures(
            median(name, lambda f: f.rate),
            median(name, lambda f: f.p50),
            median(name, lambda f: f.p99),
        )
        for name in loads
    }


def reads(full: Full) -> dict[str, list[str]]:
    """The reads of a folder."""
    paths = {
        "jobs/{id}": [f"jobs/{id}" for id in full.jobs],
        "models/{id}": [f"models/{id}" for id in full.models],
        "models/{id}/images": [f"models/{id}/images" for id in full.models],
        "... of a model with a tenth of all": [f"models/{full.crowded}/images"],
    }
    return {
        name: [request(full.key, f"/api/{path}") for path in some] for name, some in paths.items()
    }


def compare_reads(full: Full, ours: int, bare: int, seconds: float) -> None:
    """Reads beside one key look-up and one read of a row; a page of images has twenty."""
    rows = [request(full.key, f"/read/{id}") for id in full.jobs]
    by_hand = [request(full.key, f"/sqlite3/{id}") for id in full.jobs]
    pages = [request(full.key, f"/page/{id}") for id in full.models]
    loads = {name: Load(ours, some, seconds) for name, some in reads(full).items()}
    found = side_by_side(
        {
            "bare": Load(bare, rows, seconds),
            **loads,
            "bare, twenty rows": Load(bare, pages, seconds),
            "bare, without SQLAlchemy": Load(bare, by_hand, seconds),
            "bare, without a database": Load(bare, [request(full.key, "/nothing")], seconds),
            "ping": Load(ours, [request(full.key, "/api/ping")], seconds),
        }
    )
    for name, figures in found.items():
        ratio = figures.rate / found["bare"].rate
        target = " (target: at least 0.8)" if name in loads and "tenth" not in name else ""
        print(f"  {name:35} {figures}, {ratio:.2f} of bare{target}")


def compare_sizes(few: Full, many: Full, small: int, large: int, seconds: float) -> None:
    """The same reads of a small and of a large folder."""
    for name, some in reads(few).items():
        found = side_by_side(
            {
                "few": Load(small, some, seconds),
                "many": Load(large, reads(many)[name], seconds),
            }
        )
        ratio = found["few"].rate / found["many"].rate
        print(f"  {name:35} {ratio:.2f} times as slow (target: at most 1.2); {found['many']}")


def compare_writes(full: Full, ours: int, bare: int, seconds: float) -> None:
    """Starting a generation, up to the answer, beside one key look-up and one row written."""
    body = {"modelID": full.ready, "prompt": "at the beach", "width": 1024, "height": 1024}
    found = side_by_side(
        {
            "bare": Load(bare, [request(full.key, "/write", body)], seconds, connections=4),
            "POST /images/generation": Load(
                ours, [request(full.key, "/api/images/generation", body)], seconds, connections=4
            ),
        }
    )
    for name, figures in found.items():
        print(f"  {name:35} {figures}, {figures.rate / found['bare'].rate:.2f} of bare")


def compare_uploads(full: Full, ours: int, bare: int) -> None:
    """A photo of 5 MB beside the same decoding and encoding."""
    photo = photo_of_5_mb()
    headers = {"Authorization": f"Bearer {full.key}", "API-Version": "1"}
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    with httpx.Client(headers=headers, timeout=120) as http:
        data = json.dumps({"modelID": full.ready, "type": "modelInput"})
        for _ in range(UPLOADS + 1):
            for side, url in (
                ("bare", f"http://127.0.0.1:{bare}/upload"),
                ("ours", f"http://127.0.0.1:{ours}/api/images/upload"),
            ):
                started = time.perf_counter()
                form = {"file": ("photo.jpg", photo), "data": (None, data)}
                http.post(url, files=form).raise_for_status()
                taken[side].append(time.perf_counter() - started)
    once = {side: statistics.median(seconds[1:]) for side, seconds in taken.items()}
    print(
        f"  {len(photo) / 1e6:.1f} MB: {once['ours']:.2f} s, bare {once['bare']:.2f} s: "
        f"{once['ours'] / once['bare']:.2f} times the time (target: at most 1.3)"
    )


def photo_of_5_mb() -> bytes:
    """A photo of twelve million pixels."""
    grain = Image.effect_noise((4000, 3000), 24)
    ramp = Image.linear_gradient("L").resize(grain.size)
    file = io.BytesIO()
    Image.merge("RGB", (Image.blend(grain, ramp, 0.5), grain, ramp)).save(file, "JPEG", quality=88)
    return file.getvalue()


async def hold(port: int, wait: str, ping: Load, server: psutil.Process) -> None:
    """Let many requests wait for a job, and ping meanwhile."""
    before = server.num_threads()
    waiting: list[asyncio.StreamWriter] = []
    for _ in range(WAITERS):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(wait.encode())
        waiting.append(writer)
    await asyncio.sleep(2)
    figures = await asyncio.to_thread(put_on, ping)
    print(
        f"  {WAITERS} waiters: ping {figures} (target: p99 below 100 ms), "
        f"{server.num_threads() - before:+} threads"
    )
    for writer in waiting:
        writer.close()


def main(rows: int, seconds: float) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = fill(Path(folder) / "few", FEW), fill(Path(folder) / "many", rows)
        with (
            running(__file__, "ours", few.data) as (small, server),
            running(__file__, "ours", many.data) as (large, _),
            running(HERE / "bare.py", few.data) as (bare, _),
        ):
            print("Reads:")
            compare_reads(few, small, bare, seconds)
            print(f"Reads with {rows:,} rows beside {FEW:,}:")
            compare_sizes(few, many, small, large, seconds)
            print("Writes:")
            compare_writes(few, small, bare, seconds)
            print("Uploads:")
            compare_uploads(few, small, bare)
            print("Waiting:")
            wait = request(few.key, f"/api/jobs/{few.queued}?wait=60")
            ping = Load(small, [request(few.key, "/api/ping")], 5 * seconds, 4, pause=0.01)
            asyncio.run(hold(small, wait, ping, server))
    print(f"cores: {os.cpu_count()}, load: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--rows", type=int, default=1_000_000)
        parser.add_argument("--seconds", type=float, default=2.0)
        given = parser.parse_args()
        main(given.rows, given.seconds)
