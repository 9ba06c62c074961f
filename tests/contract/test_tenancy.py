"""Other people's things: 404, as if they were not there, and nothing of them is shown."""

from typing import Any

import httpx
import pytest
from tests.contract.calls import (
    UNKNOWN,
    assert_refused,
    images,
    model,
    result,
    train,
    upload,
    with_photos,
)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models/{model}"),
        ("DELETE", "/models/{model}"),
        ("GET", "/models/{model}/train"),
        ("GET", "/models/{model}/images"),
        ("GET", "/images/{image}"),
        ("DELETE", "/images/{image}"),
        ("GET", "/videos/{video}"),
        ("DELETE", "/videos/{video}"),
        ("GET", "/videos/{video}/create-download"),
        ("GET", "/videos/{video}/download"),
        ("GET", "/jobs/{job}"),
        ("GET", "/jobs/{training}"),
    ],
)
def test_foreign_ids_are_unknown_ids(
    http: httpx.Client,
    stranger: httpx.Client,
    trained: str,
    generation: dict[str, Any],
    clip: dict[str, Any],
    method: str,
    path: str,
) -> None:
    ids = {
        "model": trained,
        "image": generation["images"][0]["id"],
        "job": generation["jobId"],
        "video": clip["id"],
        "training": model(http, trained)["trainingJobId"],
    }

    foreign = stranger.request(method, path.format(**ids))
    unknown = stranger.request(method, path.format(**dict.fromkeys(ids, UNKNOWN)))

    assert_refused(foreign, 404)
    assert foreign.json() == unknown.json()


def test_foreign_models_are_not_changed(http: httpx.Client, stranger: httpx.Client) -> None:
    model_id = with_photos(http, 1, name="Mine")
    before = model(http, model_id), images(http, model_id)

    change = {"id": model_id, "name": "Theirs"}
    assert_refused(stranger.post("/models", json=change), 404)
    assert_refused(upload(stranger, model_id), 404)
    assert_refused(train(stranger, model_id), 404)
    assert_refused(stranger.delete(f"/models/{model_id}"), 404)

    assert (model(http, model_id), images(http, model_id)) == before


def test_foreign_models_make_no_pictures(stranger: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach"}

    assert_refused(stranger.post("/images/generation", json=body), 404, "no model with this id")


@pytest.mark.usefixtures("generation", "clip")
def test_lists_show_only_what_is_ours(http: httpx.Client, stranger: httpx.Client) -> None:
    ours = result(stranger.post("/models", json={"name": "Ours"}))

    assert ours["id"] in [record["id"] for record in result(stranger.get("/models"))]
    owners = {record["userID"] for record in result(stranger.get("/models"))}
    assert owners == {ours["userID"]}
    assert ours["userID"] not in {record["userID"] for record in result(http.get("/models"))}
    assert result(http.get("/jobs"))["jobs"]
    assert result(stranger.get("/jobs")) == {"jobs": [], "nextPageToken": ""}
    assert http.get("/videos").json()["result"]
    assert stranger.get("/videos").json()["result"] == []


def test_user_in_the_body_gives_nothing(http: httpx.Client, stranger: httpx.Client) -> None:
    owner = result(http.post("/models", json={}))["userID"]

    assert result(stranger.post("/models", json={"userID": owner}))["userID"] != owner
