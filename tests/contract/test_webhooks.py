"""Webhooks over real HTTP: the server's own sender, and a receiver."""

import subprocess
from collections.abc import Generator

import httpx
import pytest
from tests.contract.calls import assert_refused, outcome, result, train, wait_for_job, with_photos
from tests.contract.calls import model as read_model
from tests.support.receiver import Receiver, receiver
from tests.support.server import PROGRAM, Server, make_key

SMALL = {"width": 64, "height": 64, "steps": 1}


@pytest.fixture(scope="module")
def hook() -> Generator[Receiver]:
    """A receiver that the server may reach."""
    with receiver() as found:
        yield found


def command(server: Server, *words: str) -> str:
    """What `likeness webhooks` prints."""
    line = [*PROGRAM, "webhooks", words[0], "--data", str(server.data), *words[1:]]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def test_a_request_is_told_what_polling_would_tell(
    server: Server, http: httpx.Client, trained: str, hook: Receiver
) -> None:
    body = {"modelID": trained, "prompt": "at the beach", **SMALL}
    asked = {**body, "webhookUrl": f"{hook.root}/request"}
    job_id = result(http.post("/images/generation", json=asked))["jobId"]

    (arrival,) = hook.wait("/request")

    said = arrival.said
    assert (said["type"], said["data"]["jobId"]) == ("job.success", job_id)
    assert said["data"] == wait_for_job(http, job_id)
    assert said["timestamp"] == said["data"]["updatedAt"]
    assert httpx.get(said["data"]["images"][0]["url"]).status_code == 200
    secret = command(server, "list").split()[-1]
    assert arrival.is_signed_with(secret)


def test_what_is_asked_twice_is_told_once(server: Server, hook: Receiver) -> None:
    key = make_key(server.data, "asks twice", "asks twice")
    body = {"modelID": "nanobanana", "prompt": "p", "webhookUrl": f"{hook.root}/twice"}
    with server.http(key) as http:
        job_id = ""
        for headers in [{"Idempotency-Key": "a"}] * 2:
            job_id = result(http.post("/images/generation", json=body, headers=headers))["jobId"]
        cancelled = [
            http.post(f"/jobs/{job_id}/cancel", headers={"Idempotency-Key": "b"}) for _ in range(2)
        ]
        assert cancelled[0].content == cancelled[1].content
        (arrival,) = hook.wait("/twice")
        assert arrival.said["data"]["jobId"] == job_id
    assert len(command(server, "log", "--account", "asks twice").splitlines()) == 1


def test_an_account_is_told_of_trainings_and_of_failures(server: Server, hook: Receiver) -> None:
    key = make_key(server.data, "told", "told")
    webhook_id, secret = command(server, "add", "--account", "told", f"{hook.root}/told").split()
    with server.http(key) as http:
        model_id = with_photos(http, 12)
        result(train(http, model_id))
        training = read_model(http, model_id)["trainingJobId"]
        (of_training,) = hook.wait("/told", timeout=300)
        lost = f"{hook.root}/nothing.jpg"
        body = {"modelID": "nanobanana", "prompt": "p", "referenceImageURLs": [lost]}
        failed = outcome(http, body)
        _, of_failure = hook.wait("/told", 2)

    assert of_training.said["type"] == "training.success"
    assert of_training.said["data"]["jobId"] == training
    assert of_failure.said["type"] == "job.failed"
    assert of_failure.said["data"] == failed
    assert of_training.is_signed_with(secret) and of_failure.is_signed_with(secret)
    log = command(server, "log", "--account", "told").splitlines()
    assert [line.split()[2] for line in log] == ["job.failed", "training.success"]
    command(server, "resend", log[1].split()[0])
    third = hook.wait("/told", 3)[2]
    assert third.headers["webhook-id"] == of_training.headers["webhook-id"]
    assert third.said["data"] == of_training.said["data"]
    command(server, "remove", webhook_id)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/images/generation", {"modelID": "nanobanana", "prompt": "p"}),
        ("/images/generation", {"modelID": "018f5f29-7c2b-7b4e-9a8c-4f8b4c2d1e0f", "prompt": "p"}),
        ("/images/upscaling", {"imageID": "018f5f29-7c2b-7b4e-9a8c-4f8b4c2d1e0f"}),
        ("/videos/generation", {"modelID": "veo-3.1", "prompt": "p"}),
    ],
)
@pytest.mark.parametrize("url", ["", "receiver", "ftp://x/", "http://a\0b/", 7, ["http://x/"]])
def test_what_is_no_address_is_refused(
    http: httpx.Client, path: str, body: dict[str, str], url: object
) -> None:
    assert_refused(http.post(path, json={**body, "webhookUrl": url}), 400, "webhookUrl")
