"""Whatever is killed with `kill -9`, whenever: every job ends once, and nothing is lost."""

import io
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from PIL import Image
from tests.integration.chaos import SIDE, Customer, Generator, Ledger, Trainer
from tests.integration.conftest import MakeBase
from tests.integration.watching import (
    TRAINER,
    WORKER,
    blobs,
    kill_tree,
    rows,
    wait_until,
    with_signal,
)
from tests.support.pace import pace
from tests.support.server import Server

from likeness.client.client import Client
from likeness.client.records import Image as Listed

VICTIMS = ("worker", "trainer", "API", "everything")
IN_TRAINING, IN_SAMPLING, ANYWHEN = 4, 6, 22
KILLS = IN_TRAINING + IN_SAMPLING + ANYWHEN
TRAINING, SAMPLING = {"training"}, {"sampling", "saving"}
ANY: set[str] = set()
SEED = 20261120
READY = "SELECT id FROM models WHERE status = 'ready'"


def test_kills(tmp_path: Path, make_base: MakeBase, capsys: pytest.CaptureFixture[str]) -> None:
    base = make_base(training=100, checkpoint_every=5, sampling=24)
    # One and the same job may be hit by every kill. Blobs of killed attempts go after 8 s.
    server = Server(tmp_path / "data", base, attempts=KILLS, lease=10, sweep=1, orphan_age=8)
    ledger, draw, started = Ledger(), random.Random(SEED), time.monotonic()
    with server:
        customers: list[Customer] = [
            Trainer(server, ledger, 1),
            Trainer(server, ledger, 2),
            Generator(server, ledger, 3),
        ]
        for customer in customers:
            customer.start()
        wait_until(lambda: rows(server.data, READY), 90, "the first model is ready")
        kills, stages = Counter[str](), Counter[str]()
        for victim, wanted, seconds in moments(draw):
            wait_for_moment(server, wanted, seconds)
            stages.update(stages_of_running_jobs(server))
            kill(server, victim)
            kills[victim] += 1
        for customer in customers:
            customer.enough.set()
            customer.join(60 * pace())
        killed = time.monotonic()
        assert ledger.faults == []
        statuses = drain(server)
        drained = time.monotonic()
        check_jobs(server, ledger)
        pictures = check_images(server, ledger)
        check_blobs(server, ledger)
    with capsys.disabled():
        print(
            f"\n{kills.total()} kills {dict(kills)} in {killed - started:.0f} s, met by jobs in "
            f"stages {dict(stages)}; the queue empty {drained - killed:.0f} s later; jobs "
            f"{statuses}; {len(ledger.models)} models ({len(ledger.doomed)} deleted), "
            f"{len(ledger.uploads)} uploads, {pictures} images"
        )


def moments(draw: random.Random) -> Iterator[tuple[str, set[str], float]]:
    """Each victim equally often, in random order: whom, in which stages of a job, after what."""
    stages = [TRAINING] * IN_TRAINING + [SAMPLING] * IN_SAMPLING + [ANY] * ANYWHEN
    draw.shuffle(stages)
    victims: list[str] = []
    for wanted in stages:
        victims = victims or draw.sample(VICTIMS, len(VICTIMS))
        yield victims.pop(), wanted, draw.uniform(0, 1.5)


def wait_for_moment(server: Server, wanted: set[str], seconds: float) -> None:
    """Let seconds pass, counted from when a job is in one of these stages."""
    if wanted:
        # Left to chance, nearly all kills would meet the imports, which take seconds.
        wait_until(lambda: wanted & set(stages_of_running_jobs(server)), 90, f"one is in {wanted}")
    time.sleep(seconds)


def stages_of_running_jobs(server: Server) -> list[str]:
    """What is being done now."""
    return [row[0] for row in rows(server.data, "SELECT stage FROM jobs WHERE status = 'running'")]


def kill(server: Server, victim: str) -> None:
    """Kill one victim; a second later nothing of it is alive. Starts the server again."""
    if victim in ("worker", "trainer"):
        module = WORKER if victim == "worker" else TRAINER
        process = wait_until(lambda: server.processes(module), 60, f"a {victim} to kill")[0]
        with_signal(process, signal.SIGKILL)
    elif victim == "API":
        server.kill()
    else:
        kill_tree(server)
    time.sleep(pace())
    for module in (TRAINER, WORKER):
        alive = server.processes(module)
        assert len(alive) <= (0 if victim in ("API", "everything") else 1), alive
    if victim in ("API", "everything"):
        server.start()


def drain(server: Server) -> dict[str, int]:
    """Wait until every job is over; returns how many ended how."""

    def statuses() -> dict[str, int]:
        return dict(rows(server.data, "SELECT status, count(*) FROM jobs GROUP BY status"))

    over = {"success", "failed"}
    wait_until(lambda: statuses().keys() <= over, 240, "every job is over")
    return statuses()


def check_jobs(server: Server, ledger: Ledger) -> None:
    """Every acknowledged job is there and ended well, but for those of deleted models."""
    with server.http() as http:
        for model_id in ledger.doomed:  # the deletion itself may have met a kill
            http.delete(f"/models/{model_id}")
            assert http.get(f"/models/{model_id}").json()["result"]["status"] == "deleted"
    with server.client() as client:
        acknowledged = {**ledger.trainings, **{j: m for j, (m, _) in ledger.generations.items()}}
        assert len(acknowledged) > 10, "too little happened"
        for job_id, model_id in acknowledged.items():
            job = client.job(job_id)
            if model_id in ledger.doomed:
                assert job.status == "success" or "cancelled" in (job.error or "")
            else:
                assert job.status == "success", job.error
        for model_id in set(ledger.trainings.values()) - ledger.doomed:
            assert client.model(model_id).status == "ready"
    versions = rows(server.data, "SELECT job_id FROM adapters")
    assert len(versions) == len(set(versions)), "one training, one version"


def check_images(server: Server, ledger: Ledger) -> int:
    """Each generation has exactly its pictures, every listed file opens; returns their number."""
    listed: dict[str, str] = {}
    with server.client() as client, httpx.Client() as http:
        for model_id in set(ledger.models) - ledger.doomed:
            for image in all_images(client, model_id):
                listed[image.id] = image.type
                picture = Image.open(io.BytesIO(http.get(image.url).content))
                picture.load()
                assert picture.size == (SIDE, SIDE)
        made: list[str] = []
        for job_id, (model_id, number) in ledger.generations.items():
            if model_id not in ledger.doomed:
                images = client.job(job_id).images
                assert [image.data["jobId"] for image in images] == [job_id] * number
                made += [image.id for image in images]
    assert len(made) == len(set(made))
    outputs = {image_id for image_id, kind in listed.items() if kind == "modelOutput"}
    assert outputs >= set(made)
    uploads = {i for i, model_id in ledger.uploads.items() if model_id not in ledger.doomed}
    assert listed.keys() - outputs >= uploads
    return len(listed)


def all_images(client: Client, model_id: str) -> Iterator[Listed]:
    """Those of all pages."""
    for page in count(1):
        images = client.model_images(model_id, page=page, size=100)
        yield from images
        if not images:
            return


def check_blobs(server: Server, ledger: Ledger) -> None:
    """Nothing lies in the data folder that no row points to."""
    keys = "SELECT blob_key FROM images UNION SELECT blob_key FROM adapters"

    def orphans() -> set[str]:
        return blobs(server.data) - {row[0] for row in rows(server.data, keys)}

    wait_until(lambda: not orphans(), 60, "the sweeper has taken what killed attempts left")
    assert {row[0] for row in rows(server.data, keys)} == blobs(server.data), "no blob is missing"
    for model_id in ledger.doomed:
        assert not (server.data / "blobs" / "models" / model_id).exists()
    assert [path for path in server.data.glob("scratch/work/*")] == []
