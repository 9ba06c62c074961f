"""Serves every endpoint once in this process, then prints what was imported for it, as JSON.

`python -m tests.integration.every_endpoint DATA KEY MODEL_ID JOB_ID`
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from tests.support.photos import small
from tests.support.rooms import add_clip

import likeness.cli.serve as _serve  # the API's process holds the supervisor too
from likeness.api.app import create_app
from likeness.settings import Settings
from likeness.store.folder import DataFolder

HEAVY = ("torch", "diffusers", "transformers", "cv2", "av", "likeness.engine")


async def serve_all(
    app: FastAPI, key: str, model_id: str, job_id: str, video_id: str
) -> set[tuple[str, str]]:
    """Call each endpoint successfully; returns those of the API's description that were not."""
    headers = {"Authorization": f"Bearer {key}", "API-Version": "1"}
    transport = httpx.ASGITransport(app)
    missing: set[tuple[str, str]] = set()
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=headers
    ) as http:

        async def call(method: str, path: str, template: str = "", **options: Any) -> Any:
            answer = await http.request(method, path, **options)
            assert answer.status_code == 200, (method, path, answer.text)
            missing.discard((method.lower(), template or path))
            return answer.json() if answer.headers["content-type"].endswith("json") else None

        description = await call("GET", "/api/openapi.json")
        for path, operations in description["paths"].items():
            missing.update((method, path) for method in operations)
        await call("GET", "/api/docs")
        await call("GET", "/api/ping")
        model = (await call("POST", "/api/models", json={"name": "New"}))["result"]["id"]
        await call("GET", "/api/models")
        await call("GET", f"/api/models/{model}", "/api/models/{modelID}")
        form = {"data": (None, json.dumps({"modelID": model, "type": "modelInput"}))}
        photos = [("photo.heic", small("HEIF", shade=shade)) for shade in range(12)]
        images = [
            (await call("POST", "/api/images/upload", files={"file": photo, **form}))["result"]
            for photo in photos
        ]
        await call("GET", f"/api/models/{model}/images", "/api/models/{modelID}/images")
        await call("GET", images[0]["url"])
        await call("GET", f"/api/models/{model}/train", "/api/models/{modelID}/train")
        body = {"modelID": model_id, "prompt": "at the beach"}
        await call("POST", "/api/images/generation", json=body)
        await call("GET", "/api/presets")
        body = {"modelID": "veo-3.1", "prompt": "at the beach", "referenceImages": [images[0]]}
        await call("POST", "/api/videos/generation", json=body)
        await call("GET", "/api/videos")
        clip = f"/api/videos/{video_id}"
        found = (await call("GET", clip, "/api/videos/{videoID}"))["result"]
        await call("GET", found["url"])
        for path in ("create-download", "download"):
            await call("GET", f"{clip}/{path}", f"/api/videos/{{videoID}}/{path}")
        await call("DELETE", clip, "/api/videos/{videoID}")
        upscaling = {"imageID": images[0]["id"]}
        asked = await call("POST", "/api/images/upscaling", json=upscaling)
        job = f"/api/jobs/{asked['result']['jobId']}"
        await call("POST", f"{job}/cancel", "/api/jobs/{id}/cancel")
        await call("GET", f"{job}/events", "/api/jobs/{id}/events")
        await call("GET", "/api/jobs")
        job = await call("GET", f"/api/jobs/{job_id}", "/api/jobs/{id}")
        picture = job["result"]["images"][0]["id"]
        await call("GET", f"/api/images/{picture}", "/api/images/{imageID}")
        await call("DELETE", f"/api/images/{picture}", "/api/images/{imageID}")
        await call("DELETE", f"/api/models/{model}", "/api/models/{modelID}")
    return missing


def main(data: str, key: str, model_id: str, job_id: str) -> None:
    """Serve, and print what was left out and what was imported."""
    settings = Settings.read(data=Path(data), other_bases="tiny")
    folder = DataFolder(settings.data)
    app = create_app(settings, folder)
    missing = asyncio.run(serve_all(app, key, model_id, job_id, add_clip(folder, key)))
    imported = [name for name in HEAVY if name in sys.modules]
    print(json.dumps({"missing": sorted(missing), "imported": imported, "by": _serve.__name__}))


if __name__ == "__main__":
    main(*sys.argv[1:])
