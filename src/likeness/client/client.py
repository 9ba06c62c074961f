"""A client of the API: one method for each endpoint."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from likeness.client.errors import ApiError, JobFailed, TimedOut
from likeness.client.records import Image, Job, Model, Preset, Video


class Client:
    """Talks to one server with one key.

    `base_url` ends in `/api`. Methods raise `ApiError` when the server refuses, and httpx's errors
    when it cannot be reached.
    """

    def __init__(self, base_url: str, key: str, timeout: float = 120.0) -> None:
        headers = {"Authorization": f"Bearer {key}", "API-Version": "1"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ping(self) -> None:
        """Check the server, the key and the version."""
        self._send("GET", "/ping")

    def create_model(self, **fields: Any) -> Model:
        """Create a model; fields are name, age, gender, ethnicity, eyeColor."""
        return Model.model_validate(self._send("POST", "/models", json=fields))

    def update_model(self, model_id: str, **fields: Any) -> Model:
        """Change the named fields of a model."""
        return self.create_model(id=model_id, **fields)

    def models(self) -> list[Model]:
        """All models of the account."""
        return [Model.model_validate(item) for item in self._send("GET", "/models")]

    def model(self, model_id: str) -> Model:
        """One model."""
        return Model.model_validate(self._send("GET", f"/models/{model_id}"))

    def delete_model(self, model_id: str) -> None:
        """Delete a model with all that belongs to it."""
        self._send("DELETE", f"/models/{model_id}")

    def train(self, model_id: str) -> None:
        """Start a training."""
        self._send("GET", f"/models/{model_id}/train")

    def model_images(
        self, model_id: str, image_type: str = "all", page: int = 1, size: int = 20
    ) -> list[Image]:
        """One page of a model's images; `image_type` is all, input, output or auxiliaryType."""
        query = {"imageType": image_type, "pageNum": page, "pageSize": size}
        items = self._send("GET", f"/models/{model_id}/images", params=query)
        return [Image.model_validate(item) for item in items]

    def upload(self, model_id: str, photo: Path, image_type: str = "modelInput") -> Image:
        """Upload a photo."""
        data = json.dumps({"modelID": model_id, "type": image_type})
        with photo.open("rb") as file:
            files = {"file": (photo.name, file), "data": (None, data.encode(), "application/json")}
            return Image.model_validate(self._send("POST", "/images/upload", files=files))

    def image(self, image_id: str) -> Image:
        """One image."""
        return Image.model_validate(self._send("GET", f"/images/{image_id}"))

    def delete_image(self, image_id: str) -> None:
        """Delete an image."""
        self._send("DELETE", f"/images/{image_id}")

    def presets(self) -> list[Preset]:
        """The scenes that a generation can be asked for by their tag."""
        return [Preset.model_validate(item) for item in self._send("GET", "/presets")]

    def generate(self, model_id: str, prompt: str, **options: Any) -> str:
        """Start a generation and return its job's id; options are those of the contract."""
        body = {"modelID": model_id, "prompt": prompt, **options}
        return self._send("POST", "/images/generation", json=body)["jobId"]

    def upscale(self, image_id: str, **options: Any) -> str:
        """Start to enlarge an image and return the job's id; options are those of the contract."""
        body = {"imageID": image_id, **options}
        return self._send("POST", "/images/upscaling", json=body)["jobId"]

    def generate_video(self, model_id: str, prompt: str, **options: Any) -> str:
        """Start to make videos and return the job's id; options are those of the contract."""
        body = {"modelID": model_id, "prompt": prompt, **options}
        return self._send("POST", "/videos/generation", json=body)["jobId"]

    def videos(self, page: int = 1, size: int = 20) -> list[Video]:
        """One page of the account's videos."""
        items = self._send("GET", "/videos", params={"pageNum": page, "pageSize": size})
        return [Video.model_validate(item) for item in items]

    def video(self, video_id: str) -> Video:
        """One video."""
        return Video.model_validate(self._send("GET", f"/videos/{video_id}"))

    def delete_video(self, video_id: str) -> None:
        """Delete a video."""
        self._send("DELETE", f"/videos/{video_id}")

    def create_video_download(self, video_id: str) -> str:
        """Ask for a video's file; returns what the server says to that."""
        return self._send("GET", f"/videos/{video_id}/create-download")

    def video_download(self, video_id: str) -> str:
        """The URL of a video's file."""
        return self._send("GET", f"/videos/{video_id}/download")["url"]

    def job(self, job_id: str) -> Job:
        """One job."""
        return Job.model_validate(self._send("GET", f"/jobs/{job_id}"))

    def jobs(self, **window: str) -> tuple[list[Job], str]:
        """One page of jobs and the token of the next; start, end and pageToken narrow it."""
        page = self._send("GET", "/jobs", params=window)
        return [Job.model_validate(row) for row in page["jobs"]], page["nextPageToken"]

    def cancel(self, job_id: str) -> Job:
        """End a job that is not over."""
        return Job.model_validate(self._send("POST", f"/jobs/{job_id}/cancel"))

    def wait_for_job(
        self,
        job_id: str,
        timeout: float = 3600.0,
        interval: float = 0.5,
        on_change: Callable[[Job], None] = lambda _: None,
    ) -> Job:
        """Poll a job until it is over. Raises `JobFailed` and `TimedOut`."""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            job = self.job(job_id)
            on_change(job)
            if job.status == "success":
                return job
            if job.is_over:
                raise JobFailed(job.error or f"The job ended with status {job.status}.")
            time.sleep(interval)
        raise TimedOut(f"Job {job_id} was not done within {timeout:g} s.")

    def download(self, made: Image | Video) -> bytes:
        """The bytes of an image or video; its URL needs no key."""
        answer = httpx.get(made.url, timeout=60.0, follow_redirects=True)
        answer.raise_for_status()
        return answer.content

    def _send(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, path, **options)
        try:
            body = answer.json()
        except ValueError:
            raise ApiError(
                answer.status_code, f"The answer is not JSON: is {answer.url} a Likeness API?", ""
            ) from None
        if answer.is_success:
            return body.get("result")
        raise ApiError(answer.status_code, body.get("message") or "", body.get("err") or "")
