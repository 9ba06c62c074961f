"""Public models that providers run: from the request to the stored picture."""

import io
import re
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from tests.contract.calls import (
    assert_encoded,
    assert_refused,
    new_model,
    outcome,
    picture,
    result,
    upload,
    wait_for_job,
)
from tests.contract.test_public_models import DOCUMENTED
from tests.support.photos import small
from tests.support.providers import KEYS, Providers, providers
from tests.support.server import Server
from tests.support.web import WEB_HOST, web

from likeness.catalog.service import CATALOG
from likeness.media.picture import SYNTHETIC

GPT = "gpt-image-2"
WORKER = "likeness.work.worker"


@pytest.fixture(scope="module")
def elsewhere() -> Generator[Providers]:
    """All providers, on this machine."""
    with providers() as running:
        yield running


@pytest.fixture(scope="module")
def ordering(
    tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path, elsewhere: Providers
) -> Generator[Server]:
    """A server that has public models run by providers."""
    with Server(
        tmp_path_factory.mktemp("ordering") / "data",
        tiny_folder,
        public_models="providers",
        provider_urls=elsewhere.urls,
        fetch_allow=f"{WEB_HOST}/32",
        attempts=2,
        openai_key=KEYS["openai"],
        google_key=KEYS["google"],
        byteplus_key=KEYS["byteplus"],
    ) as server:
        yield server


@pytest.fixture(scope="module")
def orders(ordering: Server) -> Generator[httpx.Client]:
    """A client of it."""
    with ordering.http() as http:
        yield http


@pytest.fixture
def hanging(elsewhere: Providers) -> Generator[Providers]:
    """Providers that are going to hang until they are released."""
    elsewhere.released.clear()
    elsewhere.left = elsewhere.most_hanging = 0
    yield elsewhere
    elsewhere.released.set()


def body(prompt: str, model_id: str = GPT, **fields: Any) -> dict[str, Any]:
    """A request."""
    return {"modelID": model_id, "prompt": prompt, "aspectRatio": "1:1", **fields}


def order(http: httpx.Client, prompt: str, **fields: Any) -> str:
    """The id of a new job."""
    return result(http.post("/images/generation", json=body(prompt, **fields)))["jobId"]


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < limit, what
        time.sleep(0.02)


@pytest.mark.parametrize("model_id", CATALOG.images)
def test_every_public_model(orders: httpx.Client, elsewhere: Providers, model_id: str) -> None:
    model = CATALOG.images[model_id]
    job = wait_for_job(orders, order(orders, f"draw {model_id}", model_id=model_id, numImages=2))

    assert (job["kind"], job["modelId"]) == ("generation", model_id)
    assert len(job["images"]) == 2
    for image in job["images"]:
        data = image["data"]
        assert data["engine"] == f"provider:{model.provider}"
        assert data["base"] == model.model
        assert data["prompt"] == f"draw {model_id}"
        assert (data["width"], data["height"]) == picture(image).size == (128, 128)
        assert SYNTHETIC.encode() in httpx.get(image["url"]).content
        assert result(orders.get(f"/images/{image['id']}")) == image
    assert len(elsewhere.of(f"draw {model_id}")) == 2


@pytest.mark.parametrize("documented", DOCUMENTED, ids=["gemini", "openai"])
def test_documented_samples(
    orders: httpx.Client, elsewhere: Providers, documented: dict[str, Any]
) -> None:
    before = len(elsewhere.requests)
    job_id = result(orders.post("/images/generation", json=documented))["jobId"]
    (image,) = wait_for_job(orders, job_id)["images"]

    assert image["type"] == "modelOutput"
    (request,) = elsewhere.requests[before:]
    if request.provider == "google":
        assert {one["threshold"] for one in request.body["safetySettings"]} == {"OFF"}
    else:
        assert request.body["quality"] == "high"
        assert request.body["output_format"] == "jpeg"


@pytest.mark.parametrize("format", ["jpeg", "png", "webp"])
@pytest.mark.parametrize("model_id", [GPT, "nanobanana-2"])
def test_output_format(orders: httpx.Client, model_id: str, format: str) -> None:
    options = {CATALOG.images[model_id].group: {"outputFormat": format}}
    job_id = order(orders, f"as {format}", model_id=model_id, options=options)
    (image,) = wait_for_job(orders, job_id)["images"]

    assert_encoded(image, format)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"aspectRatio": "2:1"}, (128, 64)),
        ({"aspectRatio": "auto"}, (128, 128)),
        ({"options": {"openai": {"imageSize": "200x100"}}}, (200, 100)),
    ],
)
def test_shape_and_size(
    orders: httpx.Client, fields: dict[str, Any], size: tuple[int, int]
) -> None:
    (image,) = wait_for_job(orders, order(orders, "in shape", **fields))["images"]

    assert picture(image).size == size == (image["data"]["width"], image["data"]["height"])


def test_all_references_are_shown(orders: httpx.Client, elsewhere: Providers) -> None:
    model_id = new_model(orders)
    own = result(upload(orders, model_id, small(size=(2000, 500)), "auxiliaryType"))
    with web({"/photo": small("WEBP", shade=200)}, {}) as files:
        links = [own["url"], {"url": f"{files}/photo"}]
        job_id = order(orders, "of these", referenceImageURLs=links)
        (image,) = wait_for_job(orders, job_id)["images"]

    (request,) = elsewhere.of("of these")
    sent = [Image.open(io.BytesIO(file)) for file in request.files["image[]"]]
    assert [(one.format, one.size) for one in sent] == [("JPEG", (1536, 384)), ("JPEG", (96, 96))]
    assert image["data"]["inputImageId"] == own["id"]


def test_reference_that_cannot_be_used(orders: httpx.Client, elsewhere: Providers) -> None:
    links = ["http://127.0.0.1:1/photo"]
    job = outcome(orders, body("never asked", referenceImageURLs=links))

    assert (job["status"], "not on the public internet" in job["error"]) == ("failed", True)
    assert elsewhere.of("never asked") == []


@pytest.mark.parametrize("model_id", [GPT, "nanobanana", "seedream"])
@pytest.mark.parametrize(
    ("words", "said", "asked"),
    [
        ("[refuse]", "under its safety policy", 1),
        ("[bad]", "does not take this request", 1),
        ("[poor]", "cannot use", 1),
        ("[down]", "too busy", 8),
        ("[noise]", "cannot be used", 2),
    ],
)
def test_trouble(
    orders: httpx.Client,
    ordering: Server,
    elsewhere: Providers,
    model_id: str,
    words: str,
    said: str,
    asked: int,
) -> None:
    prompt = f"{model_id} in trouble {words}"
    job = outcome(orders, body(prompt, model_id))

    assert job["status"] == "failed"
    assert said in job["error"]
    assert "images" not in job
    assert len(elsewhere.of(prompt)) == asked
    told = job["error"].lower()
    assert not re.search(r"credit|api key|permission|quota|4711|http|\d{3}", told), told
    if words == "[poor]":
        assert "insufficient_quota" in ordering.log.read_text()


def test_a_busy_provider_is_asked_again(orders: httpx.Client, elsewhere: Providers) -> None:
    assert wait_for_job(orders, order(orders, "[busy 3]"))["images"]
    assert len(elsewhere.of("[busy 3]")) == 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"options": {"openai": {"quality": "ultra"}}}, "Send one of low, medium, high, auto"),
        ({"options": {"openai": {"imageSize": "8K"}}}, "image size"),
        ({"aspectRatio": "9:1"}, "aspect ratio"),
        ({"referenceImageURLs": 11 * ["https://example.com/a.jpg"]}, "at most 10"),
        (
            {"modelID": "nanobanana", "options": {"gemini": {"safetyFilterLevel": "NONE"}}},
            "Send one of OFF, ",
        ),
    ],
)
def test_bad_requests(
    orders: httpx.Client, elsewhere: Providers, fields: dict[str, Any], words: str
) -> None:
    answer = orders.post("/images/generation", json=body("refused", **fields))

    assert_refused(answer, 400, words)
    assert elsewhere.of("refused") == []


def test_other_work_goes_on_while_a_provider_draws(
    orders: httpx.Client, hanging: Providers
) -> None:
    job_id = order(orders, "slow [hang]")
    until(lambda: hanging.hanging == 1, "the provider is asked")
    photo = result(upload(orders, new_model(orders), small(size=(64, 64))))
    upscaling = result(orders.post("/images/upscaling", json={"imageID": photo["id"]}))
    wait_for_job(orders, upscaling["jobId"])

    job = result(orders.get(f"/jobs/{job_id}"))
    assert (job["status"], job["stage"], job["steps"]) == ("running", "waiting", 1)
    hanging.released.set()
    assert wait_for_job(orders, job_id)["images"]


def test_cancelling_ends_the_waiting(orders: httpx.Client, hanging: Providers) -> None:
    job_id = order(orders, "slow and cancelled [hang]", numImages=2)
    until(lambda: hanging.hanging == 2, "the provider is asked")

    job = result(orders.post(f"/jobs/{job_id}/cancel"))

    assert (job["status"], job["error"]) == ("failed", "cancelled")
    until(lambda: hanging.left == 2, "the connections are closed")


def test_a_handful_at_once(orders: httpx.Client, hanging: Providers) -> None:
    job_ids = [order(orders, f"one of many, {index} [hang]") for index in range(5)]
    until(lambda: hanging.hanging == 4, "four are asked for")
    hanging.released.set()

    for job_id in job_ids:
        assert wait_for_job(orders, job_id)["images"]
    assert hanging.most_hanging == 4


def test_an_order_outlives_its_worker(
    orders: httpx.Client, ordering: Server, hanging: Providers
) -> None:
    job_id = order(orders, "twice [hang]")
    until(lambda: hanging.hanging == 1, "the provider is asked")
    ordering.processes(WORKER)[0].kill()
    until(lambda: hanging.left == 1, "the worker is gone")
    until(lambda: hanging.hanging == 1, "the next worker asks")
    hanging.released.set()

    assert len(wait_for_job(orders, job_id)["images"]) == 1


def test_keys_are_nowhere_to_be_seen(orders: httpx.Client, ordering: Server) -> None:
    outcome(orders, body("last [poor]"))
    shown = ordering.log.read_text() + orders.get("/openapi.json").text
    database = b"".join(path.read_bytes() for path in ordering.data.glob("likeness.db*"))

    for key in KEYS.values():
        assert key not in shown
        assert key.encode() not in database
