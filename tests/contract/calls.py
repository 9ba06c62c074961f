"""Short calls that many tests of the contract make."""

import io
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from tests.support.photos import small
from tests.support.server import Server

from likeness.media.picture import SYNTHETIC

UNKNOWN = "018f5f29-7c2b-7b4e-9a8c-4f8b4c2d1e0f"
"""An id that nothing has."""

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def result(answer: httpx.Response) -> Any:
    """The result of an answer that must be a success in the plain envelope."""
    body = answer.json()
    assert answer.status_code == 200, body
    assert set(body) == {"result", "status"}
    assert body["status"] == "OK"
    return body["result"]


def assert_refused(answer: httpx.Response, status: int, words: str = "") -> None:
    """The answer is an error in the envelope, with a sentence that has these words in it."""
    assert answer.status_code == status, answer.text
    assert_error(answer)
    assert words.lower() in answer.json()["message"].lower(), answer.text


def assert_error(answer: httpx.Response) -> None:
    """The answer is an error of the client's making, in the envelope."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"status", "message", "err", "result"}
    assert (body["status"], body["result"]) == ("NOK", None)
    assert body["err"] == body["err"].lower() and " " not in body["err"]
    assert body["message"].endswith(".") and "Traceback" not in body["message"]


def new_model(http: httpx.Client, **fields: Any) -> str:
    """A new model's id."""
    return result(http.post("/models", json=fields))["id"]


def model(http: httpx.Client, model_id: str) -> dict[str, Any]:
    """A model's record."""
    return result(http.get(f"/models/{model_id}"))


def upload(
    http: httpx.Client,
    model_id: str,
    photo: bytes | None = None,
    image_type: str = "modelInput",
    name: str = "photo.jpg",
) -> httpx.Response:
    """Upload a photo, a small one if none is given."""
    data = json.dumps({"modelID": model_id, "type": image_type})
    files = {"file": (name, small() if photo is None else photo), "data": (None, data)}
    return http.post("/images/upload", files=files)


def with_photos(http: httpx.Client, count: int, **fields: Any) -> str:
    """A new model with training photos."""
    model_id = new_model(http, **fields)
    for shade in range(count):
        result(upload(http, model_id, small(shade=10 * shade)))
    return model_id


def images(http: httpx.Client, model_id: str, **query: Any) -> list[dict[str, Any]]:
    """A page of a model's images."""
    answer = http.get(f"/models/{model_id}/images", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def train(http: httpx.Client, model_id: str) -> httpx.Response:
    """Ask for a training."""
    return http.get(f"/models/{model_id}/train")


def generate(http: httpx.Client, body: Mapping[str, Any]) -> dict[str, Any]:
    """Run a generation to its end and return the job's record."""
    return wait_for_job(http, result(http.post("/images/generation", json=body))["jobId"])


def video(http: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    """The records of the videos of a job: by default one small one, of one second."""
    options = {"grok": {"duration": 1, "resolution": "240p", **asked}}
    body = {"modelID": "grok-imagine-1.5", "prompt": "a person at the beach", "options": options}
    answer = http.post("/videos/generation", json=body)
    return wait_for_job(http, result(answer)["jobId"])["videos"]


def wait_for_job(http: httpx.Client, job_id: str, timeout: float = 300.0) -> dict[str, Any]:
    """The record of a job that has succeeded."""
    limit = time.monotonic() + timeout
    while time.monotonic() < limit:
        job = result(http.get(f"/jobs/{job_id}"))
        if job["status"] == "success":
            return job
        assert job["status"] in ("queued", "running"), job
        time.sleep(0.05)
    raise AssertionError(f"job {job_id} is not done after {timeout:g} s")


def photo_files(server: Server) -> set[Path]:
    """The files of all photos that the server has stored, and what uploads have left in scratch."""
    kept = server.data.glob("blobs/models/*/photos/*")
    return {*kept, *server.data.glob("scratch/*.jpg")}


def picture(image: dict[str, Any]) -> Image.Image:
    """The picture behind a record."""
    opened = Image.open(io.BytesIO(httpx.get(image["url"]).content))
    opened.load()
    return opened


def outcome(http: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The job of a request that is expected to fail."""
    job_id = result(http.post("/images/generation", json=body))["jobId"]
    while True:
        job = result(http.get(f"/jobs/{job_id}", params={"wait": 30}))
        if job["status"] in ("success", "failed"):
            return job


def assert_encoded(image: dict[str, Any], format: str) -> None:
    """The file behind a record has this format, says so, and is marked as synthetic."""
    answer = httpx.get(image["url"])

    assert answer.headers["content-type"] == f"image/{format}"
    assert picture(image).format == format.upper()
    assert SYNTHETIC.encode() in answer.content
