"""A client in Python that puts on the wire what the documented setup-and-training program does.

    python python_client.py BASE_URL KEY FOLDER INTERVAL

It makes a model, uploads the photos of FOLDER, trains, waits, generates, and prints the first
image as JSON. INTERVAL is the pause between two polls, in seconds.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import requests

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic"}
FEWEST, MOST = 12, 20
PATIENCE = 35 * 60
UNDER_WAY = {"created", "queued", "running"}


class Program:
    """The documented steps, each a method."""

    def __init__(self, base_url: str, key: str, interval: float) -> None:
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {key}", "API-Version": "1"}
        self._interval = interval

    def run(self, folder: Path) -> dict[str, str]:
        """All steps; returns the first image."""
        person = {
            "name": "Sample Person",
            "age": 27,
            "gender": "Female",
            "ethnicity": "south asian",
            "eyeColor": "brown",
        }
        model_id = self._ask("POST", "/models", json=person)["result"]["id"]
        photos = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES][:MOST]
        if len(photos) < FEWEST:
            raise RuntimeError(f"{folder} has {len(photos)} photos; {FEWEST} are needed.")
        for photo in photos:
            self._upload(model_id, photo)
        self._ask("GET", f"/models/{model_id}/train")
        self._wait_for_model(model_id)
        wish = {"modelID": model_id, "prompt": "at the beach", "width": 320, "height": 240}
        job_id = self._ask("POST", "/images/generation", json=wish)["result"]["jobId"]
        return self._first_image(self._wait_for_job(job_id))

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = requests.request(
            method, self._base_url + path, headers=self._headers, timeout=120, **options
        )
        answer.raise_for_status()
        return answer.json()

    def _upload(self, model_id: str, photo: Path) -> None:
        data = json.dumps({"modelID": model_id, "type": "modelInput"})
        with photo.open("rb") as file:
            parts = {"file": (photo.name, file), "data": (None, data, "application/json")}
            self._ask("POST", "/images/upload", files=parts)

    def _wait_for_model(self, model_id: str) -> None:
        begun = time.monotonic()
        while True:
            model = self._ask("GET", f"/models/{model_id}")["result"]
            status = str(model.get("status", "")).lower()
            if status == "ready":
                return
            if status == "deleted":
                raise RuntimeError("The model was deleted.")
            if time.monotonic() - begun > PATIENCE:
                raise RuntimeError("The training takes too long.")
            time.sleep(self._interval)

    def _wait_for_job(self, job_id: str) -> dict[str, Any]:
        while True:
            job = self._ask("GET", f"/jobs/{job_id}")["result"]
            status = str(job.get("status", "")).lower()
            if status == "success":
                return job
            if status not in UNDER_WAY:
                raise RuntimeError(job.get("error") or f"The job is {status}.")
            time.sleep(self._interval)

    def _first_image(self, job: dict[str, Any]) -> dict[str, str]:
        images = job.get("images", [])
        if not images or not images[0].get("id") or not images[0].get("url"):
            raise RuntimeError("The job brought no image.")
        return {"id": images[0]["id"], "url": images[0]["url"]}


if __name__ == "__main__":
    base_url, key, folder, interval = sys.argv[1:]
    print(json.dumps(Program(base_url, key, float(interval)).run(Path(folder))))
