"""`Idempotency-Key`: a request that comes twice is carried out once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.contract.calls import (
    UNKNOWN,
    assert_refused,
    images,
    model,
    new_model,
    result,
    upload,
    with_photos,
)
from tests.support.photos import small

Ask = Callable[[dict[str, str]], httpx.Response]


def key() -> dict[str, str]:
    """The header, with a new key."""
    return {"Idempotency-Key": str(uuid4())}


def assert_repeated(first: httpx.Response, again: httpx.Response) -> None:
    """The second answer is the first, and says so."""
    result(first)
    assert "idempotency-replayed" not in first.headers
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotency-replayed"] == "true"


def send_photo(
    http: httpx.Client, model_id: str, headers: dict[str, str], photo: bytes
) -> httpx.Response:
    data = json.dumps({"modelID": model_id, "type": "modelInput"})
    return http.post(
        "/images/upload", files={"file": ("a.jpg", photo), "data": (None, data)}, headers=headers
    )


def waiting(http: httpx.Client) -> str:
    """A job of this account that can be cancelled: a training, which takes longest."""
    model_id = with_photos(http, 12)
    result(http.get(f"/models/{model_id}/train"))
    return model(http, model_id)["trainingJobId"]


def bodies(http: httpx.Client, trained: str) -> dict[str, dict[str, Any]]:
    """A body for each POST that takes JSON."""
    photo = result(upload(http, new_model(http)))["id"]
    small_one = {"prompt": "a tree", "width": 64, "height": 64}
    clip = {"grok": {"duration": 1, "resolution": "240p"}}
    return {
        "/models": {"name": "Asha"},
        "/images/generation": {"modelID": trained, **small_one},
        "/images/upscaling": {"imageID": photo},
        "/videos/generation": {"modelID": "grok-imagine-1.5", "prompt": "hi", "options": clip},
    }


def test_every_post_is_answered_again(http: httpx.Client, trained: str) -> None:
    asks: list[Ask] = [
        lambda headers, path=path, body=body: http.post(path, json=body, headers=headers)
        for path, body in bodies(http, trained).items()
    ]
    model_id, job_id = new_model(http), waiting(http)
    asks.insert(0, lambda headers: http.post(f"/jobs/{job_id}/cancel", headers=headers))
    asks.append(lambda headers: send_photo(http, model_id, headers, small()))
    for ask in asks:
        headers = key()
        assert_repeated(ask(headers), ask(headers))
    assert len(images(http, model_id)) == 1


def test_training_is_answered_again_while_it_lasts(http: httpx.Client) -> None:
    model_id, headers = with_photos(http, 12), key()
    first = http.get(f"/models/{model_id}/train", headers=headers)
    job_id = model(http, model_id)["trainingJobId"]

    assert_repeated(first, http.get(f"/models/{model_id}/train", headers=headers))
    assert_refused(http.get(f"/models/{model_id}/train"), 409, "training already")
    assert_refused(http.get(f"/models/{model_id}/train", headers=key()), 409, "training already")

    assert model(http, model_id)["trainingJobId"] == job_id
    result(http.delete(f"/models/{model_id}"))


def test_another_request_with_the_same_key_is_refused(http: httpx.Client, trained: str) -> None:
    headers, wish = key(), {"modelID": trained, "prompt": "a", "width": 64, "height": 64}
    result(http.post("/models", json={"name": "Asha"}, headers=headers))

    for answer in (
        http.post("/models", json={"name": "Bela"}, headers=headers),
        http.post("/models?a=b", json={"name": "Asha"}, headers=headers),
        http.post("/images/generation", json=wish, headers=headers),
    ):
        assert_refused(answer, 409, "Idempotency-Key")
        assert answer.json()["err"] == "key_reused"


def test_uploads_are_told_apart_by_photo_and_data_not_by_their_form(http: httpx.Client) -> None:
    model_id, headers = new_model(http), key()
    first = send_photo(http, model_id, headers, small(shade=10))
    again = http.post(  # in the other order, under another name, between other boundaries
        "/images/upload",
        files={
            "data": (None, json.dumps({"type": "modelInput", "modelID": model_id})),
            "file": ("b.png", small(shade=10)),
        },
        headers=headers,
    )

    assert_repeated(first, again)
    assert_refused(send_photo(http, model_id, headers, small(shade=90)), 409, "Idempotency-Key")
    other = new_model(http)
    assert_refused(send_photo(http, other, headers, small(shade=10)), 409, "Idempotency-Key")
    assert (len(images(http, model_id)), len(images(http, other))) == (1, 0)


def test_twins_at_once_have_one_effect(http: httpx.Client) -> None:
    model_id, headers, others = new_model(http), key(), key()
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(
                lambda _: http.post("/models", json={"name": "Twin"}, headers=headers), range(4)
            )
        )
        sent = list(pool.map(lambda _: send_photo(http, model_id, others, small()), range(4)))
    for answers in (made, sent):
        assert len({result(answer)["id"] for answer in answers}) == 1
        assert sum("idempotency-replayed" in answer.headers for answer in answers) == 3
    assert len(images(http, model_id)) == 1


def test_keys_belong_to_the_account(http: httpx.Client, stranger: httpx.Client) -> None:
    headers = key()
    ours = result(http.post("/models", json={"name": "Asha"}, headers=headers))
    theirs = result(stranger.post("/models", json={"name": "Asha"}, headers=headers))
    assert ours["id"] != theirs["id"]


def test_refusals_are_not_kept(http: httpx.Client) -> None:
    headers, model_id = key(), new_model(http)
    body = {"id": UNKNOWN, "name": "Asha"}
    assert_refused(http.post("/models", json=body, headers=headers), 404)

    result(http.post("/models", json={**body, "id": model_id}, headers=headers))


def test_what_was_deleted_does_not_come_back(http: httpx.Client) -> None:
    headers, body = key(), {"name": "Asha"}
    model_id = result(http.post("/models", json=body, headers=headers))["id"]
    result(http.delete(f"/models/{model_id}"))

    answer = http.post("/models", json=body, headers=headers)

    assert_refused(answer, 404, "deleted since")
    assert "Asha" not in answer.text


@pytest.mark.parametrize("wrong", ["", "a b", "x" * 256, "\xe9"])
def test_keys_that_cannot_be_used(http: httpx.Client, wrong: str) -> None:
    headers = {b"Idempotency-Key": wrong.encode("latin-1")}
    answer = http.post("/models", json={}, headers=headers)
    assert_refused(answer, 400, "Idempotency-Key")
