"""The database and the blob store go away and come back under a running server."""

import json
import time
from collections.abc import Generator
from typing import Any

import httpx
import pytest
from tests.integration.conftest import MakeBase
from tests.integration.watching import (
    TRAINER,
    WORKER,
    model_with_photos,
    over,
    running_at,
    train,
    wait_until,
)
from tests.support.photos import small
from tests.support.postgres import postgres_away, postgres_database
from tests.support.s3 import s3_away, s3_server
from tests.support.server import Server

SIZE = {"width": 64, "height": 64}


@pytest.fixture
def server(tmp_path: Any, make_base: MakeBase) -> Generator[Server]:
    """A server over PostgreSQL and S3, whose trainings and pictures take seconds."""
    base = make_base(training=300, checkpoint_every=20, sampling=40)
    where: dict[str, Any] = {"secret": "s", "blob_url": s3_server().new_folder(), "sweep": 1}
    with (
        postgres_database() as url,
        Server(tmp_path / "data", base, database_url=url, **where) as it,
    ):
        yield it


def check_unavailable(answer: httpx.Response) -> None:
    """What a client is told: the contract's envelope, and when to come back."""
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    body = answer.json()
    assert (body["status"], body["result"], body["err"]) == ("NOK", None, "unavailable")
    assert "Try again" in body["message"]
    assert "LIKENESS" not in body["message"], "what it is called here is no client's concern"


def family(server: Server) -> set[int]:
    return {one.pid for module in (WORKER, TRAINER) for one in server.processes(module)}


def test_the_database_goes_and_comes_back(server: Server, tmp_path: Any) -> None:
    with server.client() as client, server.http() as http:
        model_id = model_with_photos(client, tmp_path, name="Wilhelmina")
        image = http.get(f"/models/{model_id}/images").json()["result"][0]
        job_id = train(client, model_id)
        wait_until(running_at(client, job_id, "training", 10), 120, "the training runs")
        at_work = family(server)

        with postgres_away():
            started = time.monotonic()
            check_unavailable(http.get("/ping"))
            check_unavailable(http.get(f"/models/{model_id}"))
            check_unavailable(http.post("/models", json={"name": "Never"}))
            check_unavailable(httpx.get(image["url"]))
            check_unavailable(httpx.get(f"{server.root}/readyz"))
            assert httpx.get(f"{server.root}/healthz").is_success, "a new start would not help"
            assert time.monotonic() - started < 5
            time.sleep(3)
            check_unavailable(http.get(f"/jobs/{job_id}", params={"wait": 30}))

        wait_until(lambda: http.get("/ping").is_success, 10, "it answers again")
        assert over(client, job_id, 300).status == "success"
        assert family(server) <= at_work, "no process had to be started anew"
        made = over(client, client.generate(model_id, "at the beach", **SIZE), 120)
        assert made.status == "success"
        assert [model.name for model in client.models()] == ["Wilhelmina"]


def test_a_stream_outlives_the_database(server: Server, tmp_path: Any) -> None:
    with server.client() as client, server.http() as http:
        job_id = train(client, model_with_photos(client, tmp_path))
        wait_until(running_at(client, job_id, "training"), 120, "the training runs")
        with http.stream("GET", f"/jobs/{job_id}/events", timeout=120) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("event: job")
            with postgres_away():
                time.sleep(2)
            events = [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        assert events[-1]["status"] == "success"


def test_the_blob_store_goes_and_comes_back(server: Server, tmp_path: Any) -> None:
    with server.client() as client, server.http() as http:
        model_id = model_with_photos(client, tmp_path)
        assert over(client, train(client, model_id), 300).status == "success"
        job_id = client.generate(model_id, "at the beach", **SIZE)
        wait_until(running_at(client, job_id, "sampling"), 120, "it is drawn")
        at_work = family(server)

        with s3_away():
            data = json.dumps({"modelID": model_id, "type": "modelInput"})
            files = {"file": ("photo.jpg", small()), "data": (None, data)}
            check_unavailable(http.post("/images/upload", files=files))
            assert http.get(f"/models/{model_id}").is_success, "what needs no bytes goes on"
            gone = http.get(f"/models/{model_id}/images").json()["result"][0]["id"]
            assert http.delete(f"/images/{gone}").is_success, "the sweeper takes its bytes"

        made = over(client, job_id, 120)
        assert made.status == "success"
        assert client.download(made.images[0]).startswith(b"\xff\xd8")
        assert family(server) <= at_work
