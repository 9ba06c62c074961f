"""Generation with public models, for which the server's own base draws."""

from collections.abc import Generator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.calls import (
    assert_encoded,
    assert_refused,
    generate,
    outcome,
    picture,
    result,
    wait_for_job,
)
from tests.support.photos import small
from tests.support.web import web

from likeness.catalog.service import CATALOG

NANO: dict[str, Any] = {"modelID": "nanobanana", "prompt": "a person at the beach"}
GEMINI = {"imageSize": "512", "safetyFilterLevel": "OFF", "sequentialMode": "disabled"}
DOCUMENTED: list[dict[str, Any]] = [
    {
        **NANO,
        "aspectRatio": "1:1",
        "numImages": 1,
        "preset": "editorial",
        "options": {"gemini": {**GEMINI, "imageSize": "1K"}},
        "referenceImageURLs": [],
    },
    {
        **NANO,
        "modelID": "gpt-image-2",
        "aspectRatio": "1:1",
        "numImages": 1,
        "options": {"openai": {"imageSize": "1K", "outputFormat": "jpeg", "quality": "high"}},
    },
]


def small_body(**fields: Any) -> dict[str, Any]:
    """A request for a picture that is drawn quickly."""
    return {**NANO, "options": {"gemini": GEMINI}, **fields}


@pytest.fixture(scope="module")
def files() -> Generator[str]:
    """A web server with a photo and with traps."""
    pages = {"/photo": small(shade=200), "/page": b"<html>", "/huge": b"0" * (21 * 1024 * 1024)}
    traps = {
        "/inward": "http://127.0.0.1:1/photo",
        "/metadata": "http://169.254.169.254/latest/meta-data",
        "/file": "file:///etc/passwd",
        "/loop": "/loop",
        "/onward": "/photo",
    }
    with web(pages, traps) as root:
        yield root


@pytest.mark.parametrize("body", DOCUMENTED, ids=["gemini", "openai"])
def test_documented_samples(http: httpx.Client, body: dict[str, Any]) -> None:
    job = generate(http, body)

    (image,) = job["images"]
    assert (job["modelId"], image["modelID"]) == (body["modelID"], body["modelID"])
    assert image["type"] == "modelOutput"
    assert image["data"]["engine"] == f"local:{image['data']['base']}"
    assert image["data"]["prompt"].startswith("a person at the beach")
    assert picture(image).size == (1024, 1024)
    assert result(http.get(f"/images/{image['id']}")) == image
    assert_refused(http.get(f"/models/{body['modelID']}/images"), 404)


@pytest.mark.parametrize("model_id", CATALOG.images)
def test_every_public_model_draws(http: httpx.Client, model_id: str) -> None:
    group = CATALOG.images[model_id].group
    body = small_body(modelID=model_id, options={group: {"imageSize": "512"}}, numImages=2, seed=5)

    images = generate(http, body)["images"]

    assert [image["data"]["seed"] for image in images] == [5, 6]
    assert {picture(image).size for image in images} == {(512, 512)}


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"aspectRatio": "16:9"}, (688, 384)),
        ({"aspectRatio": "3:4"}, (448, 592)),
        ({"aspectRatio": "auto"}, (512, 512)),
        ({"options": {"gemini": {"imageSize": "320x200"}}}, (320, 200)),
        ({"options": {"openai": {"imageSize": "4K"}}}, (1024, 1024)),  # another model's group
        ({"width": 99_999, "height": "x", "steps": -1, "enhanceFace": True}, (512, 512)),
    ],
)
def test_size(http: httpx.Client, fields: dict[str, Any], size: tuple[int, int]) -> None:
    (image,) = generate(http, small_body(**fields))["images"]

    assert picture(image).size == size == (image["data"]["width"], image["data"]["height"])


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
def test_output_format(http: httpx.Client, format: str) -> None:
    options = {"openai": {"imageSize": "64x64", "outputFormat": format}}
    (image,) = generate(http, small_body(modelID="gpt-image-2", options=options))["images"]

    assert_encoded(image, format)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"prompt": ""}, "says nothing"),
        ({"prompt": 7}, "prompt: "),
        ({"aspectRatio": "9:1"}, "aspect ratio"),
        ({"aspectRatio": "wide"}, "aspect ratio"),
        ({"aspectRatio": 1}, "aspectRatio: "),
        ({"options": {"gemini": {"imageSize": "8K"}}}, "image size"),
        ({"options": {"gemini": {"imageSize": 1}}}, "options.gemini.imageSize: "),
        ({"options": {"gemini": {"outputFormat": "bmp"}}}, "jpeg, png or webp"),
        ({"options": {"gemini": "1K"}}, "options.gemini"),
        ({"options": "1K"}, "options: "),
        ({"numImages": 9}, "numImages: "),
        ({"preset": "nope"}, "no preset"),
        ({"referenceImageURLs": "https://example.com/a.jpg"}, "referenceImageURLs: "),
        ({"referenceImageURLs": ["https://example.com/a.jpg"] * 4}, "at most 3"),
        ({"referenceImageURLs": ["file:///etc/passwd"]}, "referenceImageURLs.0: must begin"),
        ({"referenceImageURLs": ["data:image/png;base64,AAAA"]}, "referenceImageURLs.0: "),
        ({"referenceImageURLs": [{"uri": "https://example.com"}]}, "referenceImageURLs.0: "),
        ({"referenceImageURLs": ["https://" + "x" * 5000]}, "at most 4096"),
    ],
)
def test_bad_requests(http: httpx.Client, fields: dict[str, Any], words: str) -> None:
    assert_refused(http.post("/images/generation", json=small_body(**fields)), 400, words)


@settings(max_examples=60)
@given(
    options=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.dictionaries(st.sampled_from(["gemini", "imageSize", "x"]), inner),
        max_leaves=6,
    ),
    ratio=st.text(max_size=12) | st.from_regex(r"\d{1,5}:\d{1,5}", fullmatch=True),
)
def test_no_options_break_it(http: httpx.Client, options: Any, ratio: str) -> None:
    body = {**NANO, "options": options, "aspectRatio": ratio, "preset": "nope"}

    assert http.post("/images/generation", json=body).status_code == 400


def test_first_reference_is_what_the_picture_begins_with(http: httpx.Client, files: str) -> None:
    job = generate(http, small_body(seed=1))
    own = job["images"][0]["url"]
    plain = picture(job["images"][0]).tobytes()
    seen = {plain}
    for links in ([f"{files}/onward"], [{"url": f"{files}/photo"}, "https://example.com/x"], [own]):
        (image,) = generate(http, small_body(seed=1, referenceImageURLs=links))["images"]
        seen.add(picture(image).tobytes())

    assert len(seen) == 3, "a redirect to the same photo gives the same picture"


def test_own_picture_that_was_deleted(http: httpx.Client) -> None:
    (image,) = generate(http, small_body())["images"]
    result(http.delete(f"/images/{image['id']}"))

    answer = http.post("/images/generation", json=small_body(referenceImageURLs=[image["url"]]))

    assert_refused(answer, 400, "deleted")
    assert httpx.get(image["url"]).status_code == 404


def test_a_changed_signature_is_not_one_of_ours(http: httpx.Client) -> None:
    (image,) = generate(http, small_body())["images"]
    forged = image["url"][:-1] + ("0" if image["url"][-1] != "0" else "1")

    job = outcome(http, small_body(referenceImageURLs=[forged]))

    assert (job["status"], "not on the public internet" in job["error"]) == ("failed", True)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/inward", "not on the public internet"),
        ("/metadata", "not on the public internet"),
        ("/file", "does not begin with http"),
        ("/loop", "redirects more than"),
        ("/page", "not a photo that can be read"),
        ("/huge", "larger than"),
        ("/missing", "answers 404"),
    ],
)
def test_reference_that_cannot_be_used(
    http: httpx.Client, files: str, path: str, words: str
) -> None:
    job = outcome(http, small_body(referenceImageURLs=[files + path]))

    assert job["status"] == "failed"
    assert job["error"].startswith("The reference image cannot be ")
    assert words in job["error"]
    assert "images" not in job


def test_pictures_of_public_models_can_be_enlarged_and_deleted(http: httpx.Client) -> None:
    options = {"gemini": {"imageSize": "64x64"}}
    (image,) = generate(http, small_body(options=options))["images"]

    job_id = result(http.post("/images/upscaling", json={"imageID": image["id"]}))["jobId"]
    (large,) = wait_for_job(http, job_id)["images"]

    assert picture(large).size == (256, 256)
    assert result(http.delete(f"/images/{large['id']}")) == "Image deleted"
    assert result(http.get(f"/images/{image['id']}"))["upscaledImageID"] == ""
