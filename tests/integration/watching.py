"""Looking at a server from outside: waiting, its processes, its rows, its blobs."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil
from tests.support.pace import pace
from tests.support.photos import small
from tests.support.server import Server

from likeness.client import Client, Job

WORKER, TRAINER = "likeness.work.worker", "likeness.work.trainer"
Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], timeout: float, what: str) -> Found:
    """What `look` finds, as soon as it is something; `timeout` is in seconds of a usual machine."""
    timeout *= pace()
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {timeout:g} s: {what}")


def model_with_photos(client: Client, folder: Path, **fields: Any) -> str:
    """A model with twelve small photos."""
    model_id = client.create_model(**fields).id
    photo = folder / "photo.jpg"
    for shade in range(12):
        photo.write_bytes(small(shade=20 * shade))
        client.upload(model_id, photo)
    return model_id


def train(client: Client, model_id: str) -> str:
    """Start a training; returns its job's id."""
    client.train(model_id)
    return client.model(model_id).trainingJobId


def running_at(client: Client, job_id: str, stage: str, step: int = 1) -> Callable[[], int]:
    """For `wait_until`: the step of a job that is in this stage and at least at that step."""

    def look() -> int:
        job = client.job(job_id)
        assert not job.is_over, f"{job.status}: {job.error}"
        reached = job.step or 0
        return reached if job.stage == stage and reached >= step else 0

    return look


def over(client: Client, job_id: str, timeout: float) -> Job:
    """The job, as soon as it has ended, well or not."""
    wait_until(lambda: client.job(job_id).is_over, timeout, "the job is over")
    return client.job(job_id)


def rows(data: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the database file, read past the program."""
    with closing(sqlite3.connect(f"file:{data}/likeness.db?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def blobs(data: Path, below: str = "") -> set[str]:
    """Keys of all files in the blob store, unfinished ones too."""
    root = data / "blobs"
    return {str(path.relative_to(root)) for path in (root / below).rglob("*") if path.is_file()}


def kill_tree(server: Server) -> None:
    """`kill -9` of the server with all its children at once."""
    kill_family(server.process)
    server.kill()


def kill_family(process: psutil.Process | psutil.Popen) -> None:
    """`kill -9` of a process with all its children at once."""
    family = [process, *process.children(recursive=True)]
    for number in (signal.SIGSTOP, signal.SIGKILL):  # none of them can act on another's end
        for one in family:
            with_signal(one, number)


def with_signal(process: psutil.Process | psutil.Popen, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
