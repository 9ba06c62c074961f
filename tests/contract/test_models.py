"""Models: create, update, list, get, delete."""

import re
from typing import Any

import httpx
import pytest
from tests.contract.calls import (
    TIME,
    UNKNOWN,
    UUID7,
    assert_refused,
    images,
    model,
    new_model,
    result,
    train,
    upload,
    with_photos,
)
from tests.support.server import Server

PERSON = {
    "name": "MyModel",
    "age": 25,
    "gender": "Male",
    "ethnicity": "white",
    "eyeColor": "blue",
}


def test_created_model_has_every_key(http: httpx.Client) -> None:
    record = result(http.post("/models", json=PERSON))

    assert re.fullmatch(UUID7, record.pop("id"))
    assert re.fullmatch(UUID7, record.pop("userID"))
    assert re.fullmatch(TIME, record.pop("createdAt"))
    assert re.fullmatch(TIME, record.pop("updatedAt"))
    assert record == {**PERSON, "modelType": "person", "status": "new", "trainingJobId": ""}


def test_nothing_is_required(http: httpx.Client) -> None:
    record = result(http.post("/models", json={}))

    assert record["age"] is None
    assert {record[key] for key in ("name", "gender", "ethnicity", "eyeColor")} == {""}


def test_get_and_list_show_the_same_record(http: httpx.Client) -> None:
    record = result(http.post("/models", json=PERSON))

    assert model(http, record["id"]) == record
    assert record in result(http.get("/models"))


def test_list_is_newest_first(http: httpx.Client) -> None:
    older, newer = new_model(http), new_model(http)

    assert [record["id"] for record in result(http.get("/models"))][:2] == [newer, older]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Other"},
        {"age": 30},
        {"age": 30.5},
        {"age": None},
        {"gender": "Female"},
        {"ethnicity": "süd-asiatisch 南亚"},
        {"name": "Other", "eyeColor": ""},
        {},
    ],
)
def test_update_changes_only_what_is_sent(http: httpx.Client, change: dict[str, Any]) -> None:
    before = result(http.post("/models", json=PERSON))

    after = result(http.post("/models", json={"id": before["id"], **change}))

    assert after == {**before, **change, "updatedAt": after["updatedAt"]}
    assert model(http, before["id"]) == after


def test_null_clears_a_text(http: httpx.Client) -> None:
    model_id = new_model(http, **PERSON)

    assert result(http.post("/models", json={"id": model_id, "name": None}))["name"] == ""


def test_unknown_keys_and_a_foreign_user_are_ignored(http: httpx.Client) -> None:
    record = result(http.post("/models", json={"userID": UNKNOWN, "status": "ready", "x": [1]}))

    assert record["status"] == "new"
    assert record["userID"] != UNKNOWN


@pytest.mark.parametrize("model_id", [UNKNOWN, "nonsense", "\u0434", "x" * 200])
def test_update_of_an_unknown_model(http: httpx.Client, model_id: str) -> None:
    assert_refused(http.post("/models", json={"id": model_id, "name": "x"}), 404, "GET /models")


def test_deleted_model_says_so_and_is_nothing_else(http: httpx.Client) -> None:
    model_id = with_photos(http, 1, **PERSON)
    (image,) = images(http, model_id)

    assert isinstance(result(http.delete(f"/models/{model_id}")), str)

    gone = model(http, model_id)
    assert gone["status"] == "deleted"
    assert (gone["name"], gone["age"], gone["gender"], gone["eyeColor"]) == ("", None, "", "")
    assert model_id not in [record["id"] for record in result(http.get("/models"))]
    assert_refused(http.get(f"/images/{image['id']}"), 404)
    assert httpx.get(image["url"]).status_code == 404


def test_deleted_model_cannot_be_used(http: httpx.Client) -> None:
    model_id = new_model(http)
    result(http.delete(f"/models/{model_id}"))

    wish = {"modelID": model_id, "prompt": "at the beach"}
    for answer in (
        http.delete(f"/models/{model_id}"),
        http.get(f"/models/{model_id}/images"),
        http.post("/models", json={"id": model_id, "name": "back"}),
        http.post("/images/generation", json=wish),
        upload(http, model_id),
        train(http, model_id),
    ):
        assert_refused(answer, 404, "no model with this id")


def test_deleted_model_leaves_no_file(server: Server, http: httpx.Client) -> None:
    model_id = with_photos(http, 2)
    folder = server.data / "blobs" / "models" / model_id
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2

    result(http.delete(f"/models/{model_id}"))

    assert not folder.exists()
