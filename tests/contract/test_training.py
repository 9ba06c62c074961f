"""Training over the wire: when it starts, and what waits for it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from tests.contract.calls import (
    assert_refused,
    generate,
    images,
    model,
    result,
    train,
    upload,
    wait_for_job,
    with_photos,
)
from tests.support.server import Server, make_key


def test_eleven_photos_are_too_few(http: httpx.Client) -> None:
    model_id = with_photos(http, 11)

    assert_refused(train(http, model_id), 400, "11 modelInput images. Upload 12 to 20")

    assert model(http, model_id)["status"] == "new"
    assert model(http, model_id)["trainingJobId"] == ""


def test_references_do_not_count_as_training_photos(http: httpx.Client) -> None:
    model_id = with_photos(http, 11)
    result(upload(http, model_id, image_type="auxiliaryType"))

    assert_refused(train(http, model_id), 400, "11 modelInput images")


def test_first_training(http: httpx.Client) -> None:
    model_id = with_photos(http, 12)
    photo = images(http, model_id)[0]["id"]

    assert result(train(http, model_id)) == "Training triggered"

    record = model(http, model_id)
    assert record["status"] == "training"
    job = result(http.get(f"/jobs/{record['trainingJobId']}"))
    assert (job["kind"], job["modelId"]) == ("training", model_id)
    assert job["status"] in ("queued", "running")

    wish = {"modelID": model_id, "prompt": "at the beach"}
    assert_refused(train(http, model_id), 409, "training already")
    assert_refused(upload(http, model_id), 409, "training")
    assert_refused(http.delete(f"/images/{photo}"), 409, "training")
    assert_refused(http.post("/images/generation", json=wish), 409, "first training")
    assert len(images(http, model_id)) == 12
    reference = result(upload(http, model_id, image_type="auxiliaryType"))
    result(http.delete(f"/images/{reference['id']}"))

    result(http.delete(f"/models/{model_id}"))
    job = result(http.get(f"/jobs/{record['trainingJobId']}"))
    assert (job["status"], job["error"]) == ("failed", "cancelled: the model was deleted")
    assert "images" not in job


def test_two_triggers_at_once_start_one_training(http: httpx.Client) -> None:
    model_id = with_photos(http, 12)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: train(http, model_id), range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    result(http.delete(f"/models/{model_id}"))


def listed_jobs(http: httpx.Client) -> list[dict[str, Any]]:
    """The rows of all pages."""
    page = result(http.get("/jobs"))
    rows = page["jobs"]
    while token := page["nextPageToken"]:
        page = result(http.get("/jobs", params={"pageToken": token}))
        rows += page["jobs"]
    return rows


def test_ready_model(http: httpx.Client, trained: str) -> None:
    record = model(http, trained)
    assert record["status"] == "ready"

    trainings = [
        row["jobId"]
        for row in listed_jobs(http)
        if (row["modelId"], row["kind"], row["status"]) == (trained, "training", "success")
    ]
    job = wait_for_job(http, trainings[-1])
    assert set(job) == {"jobId", "status", "kind", "modelId", "createdAt", "updatedAt"}


def test_ready_model_makes_pictures_while_it_is_trained_again(
    http: httpx.Client, trained: str
) -> None:
    before = model(http, trained)["trainingJobId"]
    wish = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64}

    result(train(http, trained))
    during = model(http, trained)
    pending = result(http.post("/images/generation", json=wish))["jobId"]

    assert during["status"] == "training"
    assert during["trainingJobId"] != before
    first = wait_for_job(http, pending)["images"][0]["data"]["adapterVersion"]
    wait_for_job(http, during["trainingJobId"])
    assert model(http, trained)["status"] == "ready"
    assert generate(http, wish)["images"][0]["data"]["adapterVersion"] == first + 1


def test_fourth_training_of_an_account_waits(server: Server, http: httpx.Client) -> None:
    with server.http(make_key(server.data, "busy", "busy")) as busy:
        models = [with_photos(busy, 12) for _ in range(4)]
        for model_id in models[:3]:
            assert result(train(busy, model_id)) == "Training triggered"

        assert_refused(train(busy, models[3]), 429, "Wait until one of them has finished")
        assert model(busy, models[3])["status"] == "new"
        other = with_photos(http, 12)
        result(train(http, other))  # another account is not held up

        result(http.delete(f"/models/{other}"))
        result(busy.delete(f"/models/{models[0]}"))
        result(train(busy, models[3]))
        for model_id in models[1:]:
            result(busy.delete(f"/models/{model_id}"))
