"""Public video models that providers run: from the request to the stored video."""

import io
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from tests.contract.calls import assert_refused, result, wait_for_job
from tests.contract.test_providers import until
from tests.contract.test_videos import make, outcome
from tests.media.videos import footage
from tests.support.photos import small
from tests.support.providers import KEYS, Providers, providers
from tests.support.server import Server
from tests.support.web import WEB_HOST, web

from likeness.catalog.service import CATALOG
from likeness.media.picture import SYNTHETIC

GROK = "grok-imagine-1.5"
WORKER = "likeness.work.worker"


@pytest.fixture(scope="module")
def elsewhere() -> Generator[Providers]:
    """All providers, on this machine."""
    with providers() as running:
        running.video = footage(24, (128, 96))
        yield running


@pytest.fixture(scope="module")
def ordering(
    tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path, elsewhere: Providers
) -> Generator[Server]:
    """A server that has public models run by providers."""
    with Server(
        tmp_path_factory.mktemp("films") / "data",
        tiny_folder,
        public_models="providers",
        provider_urls=elsewhere.urls,
        fetch_allow=f"{WEB_HOST}/32",
        attempts=2,
        google_key=KEYS["google"],
        byteplus_key=KEYS["byteplus"],
        xai_key=KEYS["xai"],
        kling_key=KEYS["kling"],
    ) as server:
        yield server


@pytest.fixture(scope="module")
def orders(ordering: Server) -> Generator[httpx.Client]:
    """A client of it."""
    with ordering.http() as http:
        yield http


@pytest.fixture(scope="module")
def files() -> Generator[str]:
    """A web server with a picture."""
    with web({"/photo": small("PNG")}, {}) as root:
        yield root


@pytest.fixture(autouse=True)
def _begun(elsewhere: Providers) -> None:
    """Tasks of one name are new to each test."""
    elsewhere.looks.clear()


def body(prompt: str, files: str, model_id: str = GROK, **fields: Any) -> dict[str, Any]:
    """A request that every model takes."""
    shown = {"referenceImages": [f"{files}/photo"], "referenceVideos": ["https://a.example/a.mp4"]}
    return {"modelID": model_id, "prompt": prompt, **shown, **fields}


@pytest.mark.parametrize("model_id", CATALOG.videos)
def test_every_public_model(
    orders: httpx.Client, elsewhere: Providers, files: str, model_id: str
) -> None:
    model = CATALOG.videos[model_id]

    made = make(orders, body(f"film {model_id}", files, model_id, numVideos=2))

    assert len(made) == 2
    for video in made:
        data = video["data"]
        assert (data["engine"], data["base"]) == (f"provider:{model.provider}", model.model)
        assert (data["width"], data["height"], data["audio"]) == (128, 96, False)
        assert data["duration"] == pytest.approx(2, abs=0.1)
        content = httpx.get(video["url"]).content
        assert SYNTHETIC.encode() in content
        with av.open(io.BytesIO(content), "r") as clip:
            assert sum(1 for _ in clip.decode(video=0)) == 24
        assert result(orders.get(f"/videos/{video['id']}")) == video
    assert len(elsewhere.of(f"film {model_id}")) == 2


def test_job_is_one_of_videos(orders: httpx.Client, files: str) -> None:
    job = outcome(orders, body("a kind", files))

    assert (job["kind"], job["modelId"]) == ("video", GROK)
    (row,) = [row for row in result(orders.get("/jobs"))["jobs"] if row["jobId"] == job["jobId"]]
    assert row["kind"] == "video"


def test_options_are_handed_on(orders: httpx.Client, elsewhere: Providers, files: str) -> None:
    options = {"seedance": {"duration": 6, "ratio": "9:16", "resolution": "720p", "seed": 5}}
    images = [{"url": f"{files}/photo", "role": "last_frame"}]

    make(orders, body("handed on", files, "seedance-2.0", options=options, referenceImages=images))

    (request,) = elsewhere.of("handed on")
    said = {key: request.body[key] for key in ("duration", "ratio", "resolution", "seed")}
    assert said == options["seedance"]
    roles = [part.get("role") for part in request.body["content"]]
    assert roles == [None, "last_frame", "reference_video"]


@pytest.mark.parametrize("model_id", ["veo-3.1", "seedance-2.0", "kling-video-pro", GROK])
@pytest.mark.parametrize(
    ("words", "said", "asked"),
    [
        ("<refused>", "under its safety policy", 1),
        ("<failed>", "could not make it", 1),
        ("[bad]", "does not take this request", 1),
        ("[poor]", "cannot use", 1),
    ],
)
def test_trouble(
    orders: httpx.Client,
    elsewhere: Providers,
    files: str,
    model_id: str,
    words: str,
    said: str,
    asked: int,
) -> None:
    prompt = f"{model_id} in trouble {words}"
    job = outcome(orders, body(prompt, files, model_id))

    assert job["status"] == "failed"
    assert said in job["error"]
    assert "videos" not in job
    assert len(elsewhere.of(prompt)) == asked
    told = job["error"].lower()
    assert not re.search(r"credit|api key|permission|quota|4711|http|\d{3}", told), told


def test_a_file_that_is_no_video(orders: httpx.Client, elsewhere: Providers, files: str) -> None:
    job = outcome(orders, body("a page <page>", files, "seedance-2.0"))

    assert "gave an answer that cannot be used" in job["error"]
    assert len(elsewhere.of("a page <page>")) == 1, "it is fetched again, not paid for again"


def test_an_order_outlives_its_worker_and_is_paid_for_once(
    orders: httpx.Client, ordering: Server, elsewhere: Providers, files: str
) -> None:
    answer = orders.post("/videos/generation", json=body("outlives <forever>", files, numVideos=2))
    job_id = result(answer)["jobId"]
    kept = f"blobs/**/{job_id}/**/*.json"
    until(lambda: elsewhere.looks["videos/task-forever"] > 1, "the provider is looked at")
    assert list(ordering.data.glob(kept))

    ordering.processes(WORKER)[0].kill()
    looks = elsewhere.looks["videos/task-forever"] + 2
    until(lambda: elsewhere.looks["videos/task-forever"] > looks, "the next worker looks")
    elsewhere.done.add("forever")

    assert len(wait_for_job(orders, job_id)["videos"]) == 2
    assert len(elsewhere.of("outlives <forever>")) == 2
    until(lambda: not list(ordering.data.glob(kept)), "tasks are forgotten at the end")


def test_motion_needs_a_picture(orders: httpx.Client, files: str) -> None:
    asked = body("no picture", files, "kling-motion-pro", referenceImages=[])

    assert_refused(orders.post("/videos/generation", json=asked), 400, "Name the picture")
