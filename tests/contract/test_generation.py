"""Generation with a trained model."""

import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from tests.contract.calls import (
    TIME,
    UNKNOWN,
    UUID7,
    assert_refused,
    generate,
    images,
    new_model,
    result,
    wait_for_job,
)

from likeness.bases import find_base, nearest_size

SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


def pictures(job: dict[str, Any]) -> list[bytes]:
    """The bytes of what a job made, fetched without a key."""
    return [httpx.get(image["url"]).content for image in job["images"]]


def test_trigger_answers_at_once(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64}

    answer = result(http.post("/images/generation", json=body))

    assert re.fullmatch(UUID7, answer["jobId"])
    assert answer == {"jobId": answer["jobId"], "status": "queued"}
    wait_for_job(http, answer["jobId"])


def test_pictures_of_a_job(http: httpx.Client, trained: str, generation: dict[str, Any]) -> None:
    assert [image["data"]["seed"] for image in generation["images"]] == [7, 8]
    for image in generation["images"]:
        assert result(http.get(f"/images/{image['id']}")) == image
        assert re.fullmatch(TIME, image["createdAt"])
        assert (image["type"], image["modelID"]) == ("modelOutput", trained)
        assert (image["liked"], image["upscaledImageID"]) == (False, "")
        assert set(image["data"]) == {
            "prompt",
            "preset",
            "inputImageId",
            "fullPrompt",
            "seed",
            "width",
            "height",
            "sampledWidth",
            "sampledHeight",
            "enhanceFace",
            "synthetic",
            "jobId",
            "base",
            "adapterVersion",
        }
        assert image["data"]["jobId"] == generation["jobId"]
        assert image["data"]["prompt"] == "at the beach"
        assert image["data"]["synthetic"] is True
        assert image["data"]["adapterVersion"] >= 1


@pytest.mark.parametrize("size", [(64, 64), (1280, 720), (2048, 64), (63 + 2, 777)])
def test_picture_has_the_asked_size(
    http: httpx.Client, trained: str, tiny_folder: Path, size: tuple[int, int]
) -> None:
    width, height = size
    body = {"modelID": trained, "prompt": "at the beach", "width": width, "height": height}

    job = generate(http, {**body, "steps": 1})

    picture = Image.open(io.BytesIO(pictures(job)[0]))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", size, "RGB")
    data = job["images"][0]["data"]
    assert (data["width"], data["height"]) == size
    manifest = find_base(str(tiny_folder)).manifest
    assert (data["sampledWidth"], data["sampledHeight"]) == nearest_size(manifest, width, height)


def test_picture_is_1024_x_1024_unless_asked(http: httpx.Client, trained: str) -> None:
    job = generate(http, {"modelID": trained, "prompt": "at the beach"})

    (picture,) = pictures(job)
    assert Image.open(io.BytesIO(picture)).size == (1024, 1024)


def test_picture_says_in_its_bytes_that_it_is_synthetic(generation: dict[str, Any]) -> None:
    for content in pictures(generation):
        start, end = content.index(b"<x:xmpmeta"), content.index(b"</x:xmpmeta>")
        xmp = ElementTree.fromstring(content[start : end + len(b"</x:xmpmeta>")])
        assert [e.get(SOURCE_TYPE) for e in xmp.iter() if e.get(SOURCE_TYPE)] == [SYNTHETIC]


def test_same_seed_gives_the_same_picture(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 96, "height": 64}

    first, again = (
        pictures(generate(http, {**body, "seed": 2**63 - 1, "numImages": 2})) for _ in range(2)
    )

    assert first == again
    assert first[0] != first[1]


def test_seed_is_drawn_unless_given(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64, "steps": 1}

    seeds = {generate(http, body)["images"][0]["data"]["seed"] for _ in range(2)}

    assert len(seeds) == 2


def test_fields_of_other_models_are_ignored(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64, "steps": 1}
    others = {
        "enhanceFace": True,
        "styleStrength": 0.5,
        "runType": "fast",
        "aspectRatio": "1:1",
        "options": {"gemini": {"imageSize": "1K"}, "openai": None},
        "referenceImageURLs": [],
        "preset": "",
        "inputImageId": None,
    }

    assert len(generate(http, {**body, **others})["images"]) == 1


@pytest.mark.parametrize("run_type", ["fast", "x" * 1000, None, 7])
def test_any_run_type_is_accepted(http: httpx.Client, trained: str, run_type: Any) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64, "steps": 1}

    assert len(generate(http, {**body, "runType": run_type})["images"]) == 1


def test_pictures_without_a_face_are_not_enhanced(http: httpx.Client, trained: str) -> None:
    """The tiny base draws none; one that does is in integration/test_enhancing.py."""
    body = {"modelID": trained, "prompt": "at the beach", "width": 96, "height": 96, "seed": 3}

    plain, asked = (generate(http, {**body, "enhanceFace": asked}) for asked in (False, True))

    assert [job["images"][0]["data"]["enhanceFace"] for job in (plain, asked)] == [False, False]
    assert pictures(plain) == pictures(asked)


@pytest.mark.parametrize("asked", ["true", 1, []])
def test_enhance_face_is_true_or_false(http: httpx.Client, trained: str, asked: Any) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "enhanceFace": asked}

    assert_refused(http.post("/images/generation", json=body), 400, "enhanceFace")


def test_a_picture_may_begin_with_another(http: httpx.Client, trained: str) -> None:
    photo = images(http, trained, imageType="input")[0]
    body = {"modelID": trained, "width": 64, "height": 64, "inputImageId": photo["id"], "seed": 1}

    weak, strong = (
        generate(http, {**body, "prompt": "at the beach", "styleStrength": strength})
        for strength in (0, 1)
    )

    assert strong["images"][0]["data"]["inputImageId"] == photo["id"]
    assert pictures(weak) != pictures(strong)
    assert generate(http, body)["images"][0]["data"]["prompt"] == ""  # the image says enough


@pytest.mark.parametrize("image_id", [UNKNOWN, "image_123"])
def test_the_image_to_begin_with_must_be_known(
    http: httpx.Client, trained: str, image_id: str
) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "inputImageId": image_id}

    assert_refused(http.post("/images/generation", json=body), 404, "no image with this id")


@pytest.mark.parametrize("strength", [-0.1, 1.1, "much"])
def test_strength_is_a_share(http: httpx.Client, trained: str, strength: float | str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "styleStrength": strength}

    assert_refused(http.post("/images/generation", json=body), 400, "styleStrength")


@pytest.mark.parametrize("prompt", [{}, {"prompt": None}, {"prompt": ""}, {"prompt": " \n"}])
def test_prompt_is_needed(http: httpx.Client, trained: str, prompt: dict[str, Any]) -> None:
    answer = http.post("/images/generation", json={"modelID": trained, **prompt})

    assert_refused(answer, 400, "says nothing")


def test_model_must_be_trained(http: httpx.Client) -> None:
    body = {"modelID": new_model(http), "prompt": "at the beach"}

    assert_refused(http.post("/images/generation", json=body), 400, "not trained")


@pytest.mark.parametrize("model_id", [UNKNOWN, "nanobanana-9", "Seedream", "\u4eba", ""])
def test_model_must_be_known(http: httpx.Client, model_id: str) -> None:
    body = {"modelID": model_id, "prompt": "at the beach"}

    assert_refused(http.post("/images/generation", json=body), 404, "no model with this id")
