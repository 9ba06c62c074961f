"""`likeness fleet`: workers on a Ray cluster of several nodes, which die and grow in number."""

import os
import subprocess
import time
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.integration.conftest import MakeBase, renamed
from tests.integration.watching import model_with_photos, over, running_at, train, wait_until
from tests.support.cluster import Cluster
from tests.support.postgres import postgres_database
from tests.support.s3 import s3_server
from tests.support.server import PROGRAM, Server

SIZE = {"width": 64, "height": 64}
Fleet = Callable[..., str]
Options = dict[str, Any]


@pytest.fixture
def where(tmp_path: Path, make_base: MakeBase) -> Generator[Options]:
    """The options of processes that share a database and a blob store."""
    bucket = s3_server().new_folder()
    base = make_base(training=60, checkpoint_every=10, sampling=300)
    with postgres_database() as url:
        options = {"base": base, "database_url": url, "blob_url": bucket, "threads": 1}
        yield {**options, "sweep": 1, "lease": 5, "data": tmp_path / "workers"}


@pytest.fixture
def cluster(tmp_path: Path) -> Generator[Cluster]:
    """A head, to which nodes are added."""
    with Cluster(tmp_path) as cluster:
        yield cluster


@pytest.fixture
def fleet(cluster: Cluster, where: Options) -> Fleet:
    """Run `likeness fleet`; returns what it prints."""

    def run(command: str, *options: str, status: int = 0, **changes: object) -> str:
        variables = {f"LIKENESS_{k.upper()}": str(v) for k, v in {**where, **changes}.items()}
        asked = [*PROGRAM, "fleet", command, "--address", cluster.address, *options]
        environment = {**os.environ, **variables}
        done = subprocess.run(asked, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr if status else done.stdout

    return run


def server(folder: Path, where: Options) -> Server:
    """A server that does no jobs."""
    options = {k: v for k, v in where.items() if k not in ("base", "data")}
    return Server(folder, where["base"], secret="s", worker="false", **options)


@pytest.fixture
def api(tmp_path: Path, where: Options) -> Generator[Server]:
    with server(tmp_path / "api", where) as api:
        yield api


def placed(fleet: Fleet, count: int) -> Callable[[], bool]:
    """Whether so many workers have a machine, and no more are there."""

    def look() -> bool:
        lines = [line for line in fleet("status").splitlines() if line.startswith("worker-")]
        return len(lines) == count and all(" on " in line for line in lines)

    return look


def test_a_training_goes_on_when_its_machine_dies(
    tmp_path: Path, cluster: Cluster, fleet: Fleet, api: Server
) -> None:
    first = cluster.add()
    said = fleet("up", "--least", "1", "--most", "1")
    assert said.startswith("The fleet has 1 to 1 workers.")
    with api.client() as client:
        job_id = train(client, model_with_photos(client, tmp_path))
        wait_until(running_at(client, job_id, "training", 15), 180, "the training runs")
        cluster.kill(first)
        cluster.add()
        seen = wait_until(running_at(client, job_id, "training"), 180, "another goes on")
        assert seen >= 10, "from the checkpoint, on another machine"
        assert over(client, job_id, 300).status == "success"
    assert placed(fleet, 1)()
    assert fleet("down") == "The fleet is down.\n"
    assert "There is no fleet" in fleet("status", status=1)


def test_it_grows_with_what_waits_and_shrinks_again(
    tmp_path: Path, cluster: Cluster, fleet: Fleet, api: Server
) -> None:
    for _ in range(2):
        cluster.add()
    plan = ("--least", "1", "--most", "2", "--patience", "0.5", "--calm", "15")
    fleet("up", *plan)
    wait_until(placed(fleet, 1), 120, "the least are there")
    with api.client() as client:
        model_id = model_with_photos(client, tmp_path)
        over(client, train(client, model_id), 300)
        jobs = [client.generate(model_id, "at the beach", numImages=4, **SIZE) for _ in range(8)]
        wait_until(placed(fleet, 2), 120, "another comes")
        assert {over(client, job, 600).status for job in jobs} == {"success"}
        wait_until(placed(fleet, 1), 120, "it goes")
    refused = fleet("up", *plan, grace=7, status=1)
    assert "with other settings" in refused and "LIKENESS_GRACE" in refused
    fleet("up", "--least", "2", "--most", "2")
    wait_until(placed(fleet, 2), 120, "by the other plan")
    fleet("down")
    assert not [*(tmp_path / "workers" / "fleet").rglob("worker-*")], "their disks are clean"


def test_fleets_of_two_bases_share_a_cluster(
    tmp_path: Path, cluster: Cluster, fleet: Fleet, tiny_folder: Path, where: Options
) -> None:
    small = {**where, "base": tiny_folder}
    large = {**where, "base": renamed(tiny_folder, tmp_path / "large", "large")}
    for _ in range(2):
        cluster.add()
    small_ones, large_ones = (partial(fleet, base=one["base"]) for one in (small, large))
    one = ("--least", "1", "--most", "1")
    small_ones("up", *one)
    large_ones("up", *one)
    wait_until(placed(small_ones, 1), 120, "one has a worker")
    wait_until(placed(large_ones, 1), 120, "the other has one")
    with (
        server(tmp_path / "small api", small) as one_api,
        server(tmp_path / "large api", large) as other_api,
        one_api.client() as client,
        other_api.client() as other,
    ):
        mine, theirs = model_with_photos(client, tmp_path), model_with_photos(other, tmp_path)
        trainings = [(client, train(client, mine)), (other, train(other, theirs))]
        assert {over(asked, job, 600).status for asked, job in trainings} == {"success"}
        drawn = [(client, mine), (other, theirs)]
        jobs = [(asked, asked.generate(of, "at the beach", **SIZE)) for asked, of in drawn]
        made = [over(asked, job, 300).images[0].data["base"] for asked, job in jobs]
        assert made == ["tiny", "large"]
        small_ones("down")
        assert "There is no fleet" in small_ones("status", status=1)
        assert placed(large_ones, 1)(), "the other one stays"
        again = other.generate(theirs, "at the beach", **SIZE)
        assert over(other, again, 300).status == "success"
        waiting = client.generate(mine, "at the beach", **SIZE)
        time.sleep(2)
        assert client.job(waiting).status == "queued", "nobody has its base"
    large_ones("down")


def test_what_is_missing_is_told(cluster: Cluster, fleet: Fleet) -> None:
    assert "There is no fleet" in fleet("down", status=1)
    assert "LIKENESS_DATABASE_URL: must be set" in fleet("up", database_url="", status=1)
    refused = fleet("up", "--least", "3", "--most", "2", status=2)
    assert "--most is less than --least" in refused
    elsewhere = fleet("status", "--address", "127.0.0.1:9", status=1)
    assert "There is no Ray cluster" in elsewhere and "127.0.0.1:9" in elsewhere
