"""`likeness worker`: beside a server without one, and how it stops."""

import json
import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.integration.conftest import MakeBase, renamed
from tests.integration.watching import model_with_photos, over, running_at, train, wait_until
from tests.support.postgres import postgres_database
from tests.support.s3 import s3_server
from tests.support.server import PROGRAM, Server

from likeness.client import ApiError

SIZE = {"width": 64, "height": 64}


@pytest.fixture
def where(tmp_path: Path, make_base: MakeBase) -> Generator[dict[str, Any]]:
    """The options of processes that share a database and a blob store."""
    bucket = s3_server().new_folder()
    base = make_base(training=60, checkpoint_every=10, sampling=300)
    with postgres_database() as url:
        yield {"base": base, "database_url": url, "blob_url": bucket, "threads": 1, "sweep": 1}


@contextmanager
def worker(folder: Path, **options: object) -> Generator[subprocess.Popen[bytes]]:
    """A worker of its own."""
    settings = {f"LIKENESS_{name.upper()}": str(value) for name, value in options.items()}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **settings}
    with folder.with_suffix(".log").open("ab") as log:
        command = [*PROGRAM, "worker", "--data", str(folder)]
        process = subprocess.Popen(command, env=environment, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def server(folder: Path, where: dict[str, Any]) -> Server:
    """A server that does no jobs."""
    options = {**where, "secret": "s", "worker": "false"}
    return Server(folder, options.pop("base"), **options)


def test_a_worker_finishes_before_it_stops(tmp_path: Path, where: dict[str, Any]) -> None:
    with server(tmp_path / "api", where) as api, api.client() as client:
        model_id = model_with_photos(client, tmp_path)
        trained = train(client, model_id)
        assert api.processes("likeness.work.worker") == []
        with worker(tmp_path / "worker", grace=300, **where) as process:
            assert over(client, trained, 300).status == "success"
            first = client.generate(model_id, "at the beach", **SIZE)
            second = client.generate(
                model_id, "at the beach", **SIZE, steps=7
            )  # not like the first
            wait_until(running_at(client, first, "sampling"), 120, "it is drawn")
            process.send_signal(signal.SIGTERM)
            assert process.wait(300) == 0
        assert client.job(first).status == "success", "what was under way is done"
        assert client.job(second).status == "queued", "no more was begun"


def test_a_worker_hands_back_what_it_cannot_finish(tmp_path: Path, where: dict[str, Any]) -> None:
    manifest = json.loads((where["base"] / "manifest.json").read_text())
    manifest["training"]["steps"] = 100_000
    (where["base"] / "manifest.json").write_text(json.dumps(manifest))
    with server(tmp_path / "api", where) as api, api.client() as client:
        job_id = train(client, model_with_photos(client, tmp_path))
        with worker(tmp_path / "first", grace=1, **where) as process:
            wait_until(running_at(client, job_id, "training", 15), 120, "the training runs")
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert client.job(job_id).status == "queued", "at once, not at the end of its lease"
        with worker(tmp_path / "second", **where):
            seen = wait_until(running_at(client, job_id, "training"), 120, "another goes on")
            assert seen >= 10, "from the checkpoint, on another machine's disk"


def test_a_model_is_drawn_by_workers_that_have_its_base(
    tmp_path: Path, where: dict[str, Any], tiny_folder: Path
) -> None:
    large = renamed(tiny_folder, tmp_path / "large", "large")
    old, new = {**where, "base": tiny_folder}, {**where, "base": large}
    with (
        server(tmp_path / "old", old) as api,
        api.client() as client,
        worker(tmp_path / "old worker", **old),
    ):
        model_id = model_with_photos(client, tmp_path)
        over(client, train(client, model_id), 300)
    with (
        server(tmp_path / "new", new) as api,
        api.client() as client,
        pytest.raises(ApiError, match=r"base tiny, .* Train it again"),
    ):
        client.generate(model_id, "at the beach", **SIZE)
    both = {**new, "other_bases": "tiny"}
    with server(tmp_path / "both", both) as api, api.client() as client:
        waiting = client.generate(model_id, "at the beach", **SIZE)
        with worker(tmp_path / "new worker", **new):
            another = model_with_photos(client, tmp_path, name="Erna")
            assert over(client, train(client, another), 300).status == "success"
            made = over(client, client.generate(another, "at the beach", **SIZE), 300)
            assert made.images[0].data["base"] == "large"
            assert client.job(waiting).status == "queued"
            with worker(tmp_path / "old worker", **old):
                assert over(client, waiting, 300).images[0].data["base"] == "tiny"
