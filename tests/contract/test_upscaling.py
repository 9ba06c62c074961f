"""Enlarging images."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image
from tests.contract.calls import (
    UNKNOWN,
    assert_refused,
    generate,
    images,
    new_model,
    result,
    upload,
    wait_for_job,
)
from tests.support.photos import small

from likeness.media.picture import ENHANCED, SYNTHETIC


def upscale(http: httpx.Client, image_id: str) -> dict[str, Any]:
    """Enlarge an image and return the record of the new one."""
    answer = result(http.post("/images/upscaling", json={"imageID": image_id}))
    assert answer == {"jobId": answer["jobId"], "status": "queued"}
    (image,) = wait_for_job(http, answer["jobId"])["images"]
    return image


def fetch(url: str) -> bytes:
    return httpx.get(url).content


def test_picture_becomes_four_times_as_large(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 300, "height": 200, "steps": 1}
    (source,) = generate(http, body)["images"]

    image = upscale(http, source["id"])

    assert (image["type"], image["modelID"]) == ("modelOutput", trained)
    assert result(http.get(f"/images/{image['id']}")) == image
    large, before = (Image.open(io.BytesIO(fetch(one["url"]))) for one in (image, source))
    assert large.format == "JPEG"
    assert large.size == (4 * before.width, 4 * before.height)
    assert large.size == (image["data"]["width"], image["data"]["height"])
    assert image["data"]["upscaledFrom"] == source["id"]
    assert (image["data"]["factor"], image["data"]["synthetic"]) == (4, True)
    assert SYNTHETIC.encode() in fetch(image["url"])


def test_photo_can_be_enlarged_and_says_that_it_was(http: httpx.Client) -> None:
    model_id = new_model(http)
    photo = result(upload(http, model_id, small()))

    image = upscale(http, photo["id"])

    assert image["data"]["synthetic"] is False
    content = fetch(image["url"])
    assert ENHANCED.encode() in content
    assert SYNTHETIC.encode() not in content
    assert [one["id"] for one in images(http, model_id, imageType="input")] == [photo["id"]]


def test_source_names_its_newest_enlarged_version(http: httpx.Client) -> None:
    photo = result(upload(http, new_model(http), small()))
    assert (photo["upscaledImageID"], photo["upscaledImageURL"]) == ("", "")

    first, second = upscale(http, photo["id"]), upscale(http, photo["id"])

    source = result(http.get(f"/images/{photo['id']}"))
    assert first["id"] != second["id"]
    assert source["upscaledImageID"] == second["id"]
    assert source["upscaledImageURL"] == second["url"]
    result(http.delete(f"/images/{second['id']}"))
    source = result(http.get(f"/images/{photo['id']}"))
    assert (source["upscaledImageID"], source["upscaledImageURL"]) == ("", "")


@pytest.mark.parametrize("image_id", [UNKNOWN, "image_123", "", "\u4eba"])
def test_image_must_be_known(http: httpx.Client, image_id: str) -> None:
    answer = http.post("/images/upscaling", json={"imageID": image_id})

    assert_refused(answer, 404, "no image with this id")


@pytest.mark.parametrize("body", [{}, {"imageID": None}, {"imageID": 1}, {"modelID": UNKNOWN}])
def test_image_must_be_named(http: httpx.Client, body: dict[str, Any]) -> None:
    assert_refused(http.post("/images/upscaling", json=body), 400, "imageID")


def test_images_of_others_are_not_there(stranger: httpx.Client, generation: dict[str, Any]) -> None:
    body = {"imageID": generation["images"][0]["id"]}

    assert_refused(stranger.post("/images/upscaling", json=body), 404, "no image with this id")
