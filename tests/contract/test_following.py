"""Additions to the contract: waiting for a job, following it, cancelling it."""

import json
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.calls import (
    UNKNOWN,
    assert_refused,
    generate,
    model,
    result,
    train,
    wait_for_job,
    with_photos,
)
from tests.support.server import Server

SMALL = {"prompt": "at the beach", "width": 64, "height": 64, "steps": 1}


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Generator[httpx.Client]:
    """A client of a server whose worker stands still: jobs stay queued."""
    data = tmp_path_factory.mktemp("idle") / "data"
    with Server(data, tiny_folder, trainings_per_account=9) as server, server.http() as http:
        while not (workers := server.processes("likeness.work.worker")):
            time.sleep(0.05)
        workers[0].suspend()
        yield http


@pytest.fixture
def queued(idle: httpx.Client) -> str:
    """A training that waits."""
    model_id = with_photos(idle, 12)
    result(train(idle, model_id))
    return model(idle, model_id)["trainingJobId"]


def events(http: httpx.Client, job_id: str) -> list[dict[str, Any]]:
    """All that a stream tells of a job, to its end."""
    with http.stream("GET", f"/jobs/{job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line and not line.startswith(":")]
    assert set(lines[::2]) == {"event: job"}
    return [json.loads(line.removeprefix("data: ")) for line in lines[1::2]]


def test_wait_answers_when_the_job_is_over(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, **SMALL}
    job_id = result(http.post("/images/generation", json=body))["jobId"]

    job = result(http.get(f"/jobs/{job_id}", params={"wait": 60}))

    assert job["status"] == "success"
    assert job == result(http.get(f"/jobs/{job_id}"))


def test_wait_ends(idle: httpx.Client, queued: str) -> None:
    started = time.monotonic()

    job = result(idle.get(f"/jobs/{queued}", params={"wait": 1}))

    assert time.monotonic() - started >= 1
    assert job["status"] == "queued"


@pytest.mark.parametrize("wait", ["-1", "61", "soon", "nan"])
def test_wait_must_be_some_seconds(http: httpx.Client, wait: str) -> None:
    assert_refused(http.get(f"/jobs/{UNKNOWN}", params={"wait": wait}), 400, "wait")


def test_stream_tells_every_state_to_the_end(http: httpx.Client) -> None:
    model_id = with_photos(http, 12)
    result(train(http, model_id))
    job_id = model(http, model_id)["trainingJobId"]

    told = events(http, job_id)

    states = list(dict.fromkeys(job["status"] for job in told))
    assert states in (["queued", "running", "success"], ["running", "success"])
    assert told[-1] == result(http.get(f"/jobs/{job_id}"))
    times = [job["updatedAt"] for job in told]
    assert times == sorted(times)


def test_stream_of_a_job_that_is_over_is_one_event(
    http: httpx.Client, generation: dict[str, Any]
) -> None:
    job_id = generation["jobId"]

    assert events(http, job_id) == [result(http.get(f"/jobs/{job_id}"))]


def test_place_in_the_queue(idle: httpx.Client, queued: str) -> None:
    first = result(idle.get(f"/jobs/{queued}"))["queuePosition"]
    model_id = with_photos(idle, 12)
    result(train(idle, model_id))
    second = model(idle, model_id)["trainingJobId"]

    assert result(idle.get(f"/jobs/{second}"))["queuePosition"] == first + 1
    for job_id in (queued, second):
        result(idle.post(f"/jobs/{job_id}/cancel"))


def test_cancelling_a_job(idle: httpx.Client, queued: str) -> None:
    job = result(idle.post(f"/jobs/{queued}/cancel"))

    assert (job["status"], job["error"]) == ("failed", "cancelled")
    assert job == result(idle.get(f"/jobs/{queued}"))
    assert model(idle, job["modelId"])["status"] == "failed"
    assert_refused(idle.post(f"/jobs/{queued}/cancel"), 409, "has ended already")


def test_cancelling_a_training_under_way(http: httpx.Client, trained: str) -> None:
    result(train(http, trained))
    job_id = model(http, trained)["trainingJobId"]

    job = result(http.post(f"/jobs/{job_id}/cancel"))

    assert (job["status"], job["error"]) == ("failed", "cancelled")
    assert model(http, trained)["status"] == "ready"  # with the version that it had
    assert generate(http, {"modelID": trained, **SMALL})["images"]


def test_what_is_over_cannot_be_cancelled(http: httpx.Client, generation: dict[str, Any]) -> None:
    answer = http.post(f"/jobs/{generation['jobId']}/cancel")

    assert_refused(answer, 409, "has ended already")
    wait_for_job(http, generation["jobId"])


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "events"), ("POST", "cancel"), ("GET", "?wait=5")]
)
def test_jobs_of_others_are_not_there(
    stranger: httpx.Client, generation: dict[str, Any], method: str, path: str
) -> None:
    place = f"/jobs/{generation['jobId']}"
    url = f"{place}{path}" if path.startswith("?") else f"{place}/{path}"

    assert_refused(stranger.request(method, url), 404, "no job with this id")
