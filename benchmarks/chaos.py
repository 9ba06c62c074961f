"""Many machines, and everything that can happen to them at once.

    PYTHONPATH=. .venv/bin/python benchmarks/chaos.py [--size large] [--seed 1]

Servers and workers in processes of their own over one PostgreSQL and one S3 server, the real engine
on the tests' tiny base. Accounts ask for pictures, enlargements, trainings and videos, each request
again and again until it is answered. Meanwhile workers, trainers and servers are killed, PostgreSQL
is restarted, the S3 server is away for ten seconds, and a worker freezes until its claim belongs to
another and wakes again. In the end every job must be over and done, each result be there exactly
once, no blob lie around and every ledger add up; what happened is printed.
"""

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import httpx
import psutil
from sqlalchemy import func, select
from tests.integration.watching import TRAINER, WORKER, wait_until
from tests.support.ledger import assert_it_adds_up
from tests.support.photos import small
from tests.support.postgres import postgres_away, postgres_database
from tests.support.s3 import s3_away, s3_server
from tests.support.server import PROGRAM, Server
from tests.support.tiny_base import build_tiny_base, with_steps

from likeness.accounts.service import Account, authenticate, create_key
from likeness.credits.service import grant
from likeness.images.table import images
from likeness.jobs.table import jobs
from likeness.models.table import adapters
from likeness.store.database import Database
from likeness.store.ids import new_token
from likeness.store.postgresql import PostgreSQL
from likeness.store.s3_blobs import S3Blobs
from likeness.videos.table import videos

SIDE = 64
LEASE = 5.0
PRICES = "training = 50\ngeneration = 2\nupscaling = 3\nvideo = 20\n"
ENOUGH = 1_000_000
PUBLIC, MOVING = "nanobanana", "grok-imagine-1.5"
PHOTOS = [small(size=(SIDE, SIDE), shade=20 * shade) for shade in range(12)]


@dataclass(frozen=True)
class Size:
    """How much there is of what; `steps` are those of a training, `pause` the seconds between two
    kills at most."""

    servers: int
    workers: int
    accounts: int
    generations: int
    upscalings: int
    trainings: int
    steps: int
    videos: int
    kills: int
    pause: float


SIZES = {
    "small": Size(2, 2, 4, 24, 6, 2, 20, 1, 8, 1.0),
    "large": Size(3, 4, 20, 400, 80, 15, 20, 5, 60, 3.0),
}


@dataclass
class Outcome:
    """What happened, and what the clients were told that they should not have been."""

    kills: Counter[str] = field(default_factory=Counter[str])
    answered: Counter[str] = field(default_factory=Counter[str])
    asked_again: int = 0
    jobs: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.answered.items()))
        met = ", ".join(f"{count} {what}" for what, count in sorted(self.kills.items()))
        return (
            f"{len(self.jobs)} jobs ({kinds}) in {self.seconds:.0f} s, through {met}; "
            f"{self.asked_again} requests had to be asked again"
        )


class Worker:
    """`likeness worker`, started again whenever it ends."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._command = [*PROGRAM, "worker", "--data", str(folder)]
        self._environment = environment
        self._log = folder.with_suffix(".log")
        self._gone = Event()
        self.process: psutil.Popen | None = None
        self._keeper = Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def family(self) -> list[psutil.Process]:
        """The supervisor, and what it has started."""
        if self.process is None:
            return []
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.Error:
            return []

    def signal(self, which: str, number: int) -> bool:
        """Send a signal to the supervisor, the worker or the trainer; False if there is none."""
        module = {"worker": WORKER, "trainer": TRAINER}.get(which)
        for process in self.family():
            try:
                if (module in process.cmdline()) if module else process == self.process:
                    process.send_signal(number)
                    return True
            except psutil.Error:
                continue
        return False

    def end(self) -> None:
        """Kill it for good."""
        self._gone.set()
        if self.process is not None:
            self.process.kill()
        self._keeper.join()

    def _keep(self) -> None:
        while not self._gone.is_set():
            with self._log.open("ab") as log:
                self.process = psutil.Popen(
                    self._command, env=self._environment, stdout=log, stderr=log
                )
            self.process.wait()


class Customer(Thread):
    """One account, whose client asks until it is answered."""

    def __init__(
        self, key: str, servers: list[Server], tasks: list[str], outcome: Outcome, seed: int
    ):
        super().__init__(daemon=True)
        self._servers = servers
        self._tasks = tasks
        self._outcome = outcome
        self._draw = random.Random(seed)
        headers = {"Authorization": f"Bearer {key}", "API-Version": "1"}
        self._http = httpx.Client(headers=headers, timeout=60)
        self._made: list[str] = []

    def run(self) -> None:
        """Do all tasks; what goes wrong here is a fault of the servers."""
        try:
            with self._http:
                for task in self._tasks:
                    job_id = getattr(self, task)()
                    with self._outcome.lock:
                        self._outcome.jobs[job_id] = task
                        self._outcome.answered[task] += 1
        except Exception as error:
            self._outcome.faults.append(repr(error))

    def generation(self) -> str:
        """Start a picture of a public model."""
        options = {"gemini": {"imageSize": "512"}}
        body = {"modelID": PUBLIC, "prompt": "a person at the beach", "options": options}
        job_id: str = self._ask("POST", "/images/generation", json=body)["jobId"]
        self._made.append(job_id)
        return job_id

    def upscaling(self) -> str:
        """Start to enlarge a picture that was made."""
        job_id = self._draw.choice(self._made)
        while True:
            job = self._ask("GET", f"/jobs/{job_id}?wait=20")
            if job["status"] == "success":
                break
            assert job["status"] != "failed", job
        image_id = job["images"][0]["id"]
        return self._ask("POST", "/images/upscaling", json={"imageID": image_id})["jobId"]

    def training(self) -> str:
        """Make a model, upload its photos and start to train it."""
        model_id = self._ask("POST", "/models", json={"name": "Chaos", "age": 30})["id"]
        for photo in PHOTOS:
            data = f'{{"modelID": "{model_id}", "type": "modelInput"}}'
            files = {"file": ("photo.jpg", photo), "data": (None, data)}
            self._ask("POST", "/images/upload", files=files)
        self._ask("GET", f"/models/{model_id}/train")
        return self._ask("GET", f"/models/{model_id}")["trainingJobId"]

    def video(self) -> str:
        """Start a video of a second."""
        options = {"xai": {"duration": 1, "resolution": "240p"}}
        body = {"modelID": MOVING, "prompt": "a person at the beach", "options": options}
        return self._ask("POST", "/videos/generation", json=body)["jobId"]

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        """The result of a request, of whichever server answers it first."""
        key = {"Idempotency-Key": new_token()}
        while True:
            root = self._draw.choice(self._servers).api
            try:
                answer = self._http.request(method, root + path, headers=key, **options)
                body = answer.json()
            except (httpx.TransportError, ValueError):
                body = None
            else:
                if answer.is_success:
                    return body["result"]
                # 503: the database or the blob store is away. 409: the first one is still at it.
                if answer.status_code not in (409, 429, 503):
                    raise AssertionError(f"{method} {path}: {answer.status_code} {body}")
            with self._outcome.lock:
                self._outcome.asked_again += 1
            time.sleep(0.3)


def storm(size: Size, folder: Path, seed: int) -> Outcome:
    """Let it all happen. Raises AssertionError with what is not as it must be."""
    draw, outcome, started = random.Random(seed), Outcome(), time.monotonic()
    base = with_steps(build_tiny_base(folder / "tiny"), training=size.steps, checkpoint_every=5)
    prices = folder / "prices.toml"
    prices.write_text(PRICES)
    bucket = s3_server().new_folder()
    with postgres_database() as url, ExitStack() as stack:
        where: dict[str, Any] = {"database_url": url, "blob_url": bucket, "prices": prices}
        where |= {"public_models": "local", "lease": LEASE, "sweep": 1, "orphan_age": 20}
        where |= {"attempts": 1000, "trainings_per_account": 100}
        servers = [
            stack.enter_context(
                Server(folder / f"api-{n}", base, worker="false", secret="s", **where)
            )
            for n in range(size.servers)
        ]
        options = {f"LIKENESS_{k.upper()}": str(v) for k, v in {**where, "base": base}.items()}
        environment = {**os.environ, **options, "LIKENESS_THREADS": "1", "OMP_NUM_THREADS": "1"}
        workers = [Worker(folder / f"worker-{n}", environment) for n in range(size.workers)]
        for worker in workers:
            stack.callback(worker.end)
        database = PostgreSQL(url)
        stack.callback(database.close)
        accounts = [_open_account(database, n) for n in range(size.accounts)]
        tasks = _shared_out(size, draw)
        customers = [
            Customer(key, servers, tasks[n], outcome, seed + n)
            for n, (_, key) in enumerate(accounts)
        ]
        for customer in customers:
            customer.start()
        _havoc(size, servers, workers, outcome, draw)
        for customer in customers:
            customer.join(1800)
            assert not customer.is_alive(), "requests are not answered"
        assert not outcome.faults, outcome.faults
        wait_until(lambda: not _open_jobs(database), 1800, "every job is over")
        outcome.seconds = time.monotonic() - started
        _check_results(database, outcome)
        for account, _ in accounts:
            with database.read() as transaction:
                assert assert_it_adds_up(transaction, account).reserved == 0
        blobs = S3Blobs(bucket)
        wait_until(lambda: _kept(blobs) == _known(database), 120, "no blob lies around or is lost")
    return outcome


def _open_account(database: Database, number: int) -> tuple[Account, str]:
    with database.write(alone=True) as transaction:
        key = create_key(transaction, "chaos", f"account {number}")
        account = authenticate(transaction, key)
        assert account is not None
        grant(transaction, account, ENOUGH, "for the chaos")
    return account, key


def _shared_out(size: Size, draw: random.Random) -> list[list[str]]:
    """What each account does, in which order: first a picture, so that there is one to enlarge."""
    rest = ["generation"] * (size.generations - size.accounts) + ["upscaling"] * size.upscalings
    rest += ["training"] * size.trainings + ["video"] * size.videos
    draw.shuffle(rest)
    return [["generation", *rest[n :: size.accounts]] for n in range(size.accounts)]


def _havoc(
    size: Size, servers: list[Server], workers: list[Worker], outcome: Outcome, draw: random.Random
) -> None:
    special = {size.kills // 4: _restart, size.kills // 2: _unplug, 3 * size.kills // 4: _freeze}
    for number in range(size.kills):
        time.sleep(draw.uniform(0.2, size.pause))
        if number in special:
            outcome.kills[special[number](workers, draw)] += 1
        victim = draw.choice(("supervisor", "worker", "worker", "trainer", "server"))
        if victim == "server":
            server = draw.choice(servers)
            server.kill()
            server.start()
        elif not draw.choice(workers).signal(victim, signal.SIGKILL):
            continue
        outcome.kills[f"{victim}s killed"] += 1


def _restart(_workers: list[Worker], _draw: random.Random) -> str:
    with postgres_away():
        time.sleep(1)
    return "restart of PostgreSQL"


def _unplug(_workers: list[Worker], _draw: random.Random) -> str:
    with s3_away():
        time.sleep(10)
    return "absence of the S3 server"


def _freeze(workers: list[Worker], draw: random.Random) -> str:
    # All its processes stand still, so that none can look after another.
    family = draw.choice(workers).family()
    for process in family:
        process.suspend()
    time.sleep(2 * LEASE)
    for process in family:
        process.resume()
    return "frozen worker woken"


def _open_jobs(database: Database) -> int:
    with database.read() as transaction:
        waiting = jobs.c.status.in_(("queued", "running"))
        return transaction.scalar(select(func.count()).select_from(jobs).where(waiting))


def _check_results(database: Database, outcome: Outcome) -> None:
    with database.read() as transaction:
        rows = {row["id"]: row for row in transaction.all(select(jobs))}
        counts = {
            table.name: Counter(row["job_id"] for row in transaction.all(select(table.c.job_id)))
            for table in (images, adapters, videos)
        }
    assert rows.keys() == outcome.jobs.keys(), "what was asked once is one job"
    for job_id, task in outcome.jobs.items():
        row = rows[job_id]
        assert row["status"] == "success", f"{task}: {row['error']}"
        found = {name: counted[job_id] for name, counted in counts.items() if counted[job_id]}
        where = {"training": "adapters", "video": "videos"}.get(task, "images")
        assert found == {where: 1}, f"{task}: {found}"


def _known(database: Database) -> set[str]:
    with database.read() as transaction:
        return {
            row["blob_key"]
            for table in (images, adapters, videos)
            for row in transaction.all(select(table.c.blob_key))
        }


def _kept(blobs: S3Blobs) -> set[str]:
    return {blob.key for batch in blobs.list() for blob in batch}


def main() -> None:
    """Print what happened."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="large")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(storm(SIZES[options.size], Path(folder), options.seed))


if __name__ == "__main__":
    main()
