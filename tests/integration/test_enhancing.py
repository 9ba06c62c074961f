"""Faces drawn again, on mini, which draws faces."""

import json
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.calls import generate
from tests.integration.watching import model_with_photos, running_at, train, wait_until
from tests.support.server import Server

from likeness.bases import find_base


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Server, str]]:
    """A server with a model that a single step trained on photos of nobody: no new face is less
    like the person."""
    folder = tmp_path_factory.mktemp("enhancing")
    base = Path(shutil.copytree(find_base("mini").folder, folder / "base"))
    manifest: dict[str, Any] = json.loads((base / "manifest.json").read_text())
    manifest["training"].update(steps=1, warmup_steps=0, crops=[2.0])
    (base / "manifest.json").write_text(json.dumps(manifest))
    with Server(folder / "data", base) as server, server.client() as client:
        model_id = model_with_photos(client, folder, age=30, gender="Female")
        client.wait_for_job(train(client, model_id), timeout=600)
        yield server, model_id


def test_faces_are_drawn_again(served: tuple[Server, str]) -> None:
    server, model_id = served
    body = {"modelID": model_id, "prompt": "at the beach", "seed": 3, "steps": 8}
    asked = {**body, "width": 256, "height": 256, "numImages": 2, "enhanceFace": True}
    with server.http() as http:
        first, again, plain = (
            generate(http, {**asked, **other}) for other in ({}, {}, {"enhanceFace": False})
        )

        def files(job: dict[str, Any]) -> list[bytes]:
            return [httpx.get(image["url"]).content for image in job["images"]]

        assert [image["data"]["enhanceFace"] for image in first["images"]] == [True, True]
        assert [image["data"]["enhanceFace"] for image in plain["images"]] == [False, False]
        assert files(first) == files(again)
        for enhanced, before in zip(files(first), files(plain), strict=True):
            assert enhanced != before


def test_it_is_told_and_can_be_cancelled(served: tuple[Server, str]) -> None:
    server, model_id = served
    with server.client() as client:
        job_id = client.generate(model_id, "in a park", numImages=8, steps=8, enhanceFace=True)
        wait_until(running_at(client, job_id, "enhancing"), 120, "faces are drawn again")
        with server.http() as http:
            told = http.post(f"/jobs/{job_id}/cancel").json()["result"]
            assert (told["status"], told["error"]) == ("failed", "cancelled")
            assert http.get(f"/jobs/{job_id}").json()["result"].get("images") is None
