"""An upscaler of the operator's own choice, in place of the one that ships."""

import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from safetensors.torch import save_file
from tests.contract.calls import generate, new_model, result, upload, wait_for_job
from tests.integration.test_serve import run
from tests.support.foreign_model import compact_weights, needs_spandrel
from tests.support.photos import small
from tests.support.server import Server


def picture(url: str) -> np.ndarray:
    with Image.open(io.BytesIO(httpx.get(url).content)) as opened:
        return np.asarray(opened.convert("RGB"), int)


@needs_spandrel
def test_it_enlarges_photos_and_pictures(tmp_path: Path, tiny_folder: Path) -> None:
    """It makes each pixel into 4 × 4 of its colour, which nothing else would."""
    save_file(compact_weights(4, plain=True), tmp_path / "model.safetensors")
    options = {"public_models": "local", "upscaler": tmp_path / "model.safetensors"}
    with Server(tmp_path / "data", tiny_folder, **options) as server, server.http() as http:
        photo = result(upload(http, new_model(http), small(size=(40, 24))))
        job = result(http.post("/images/upscaling", json={"imageID": photo["id"]}))
        (large,) = wait_for_job(http, job["jobId"])["images"]
        asked = {"openai": {"imageSize": "256x256", "outputFormat": "png"}}
        body = {"modelID": "gpt-image-2", "prompt": "a man at the beach", "options": asked}
        (made,) = generate(http, body)["images"]

        expected = picture(photo["url"]).repeat(4, axis=0).repeat(4, axis=1)
        assert np.abs(picture(large["url"]) - expected).mean() < 2  # it is a JPEG
        pixels = picture(made["url"])
        assert pixels.shape == (256, 256, 3)
        assert (pixels == pixels[::4, ::4].repeat(4, axis=0).repeat(4, axis=1)).all()


@needs_spandrel
def test_a_file_that_is_no_upscaler_fails_the_job(tmp_path: Path, tiny_folder: Path) -> None:
    (tmp_path / "model.pth").write_bytes(b"nonsense")
    server = Server(tmp_path / "data", tiny_folder, upscaler=tmp_path / "model.pth")
    with server, server.http() as http:
        photo = result(upload(http, new_model(http)))
        job = result(http.post("/images/upscaling", json={"imageID": photo["id"]}))
        while (told := result(http.get(f"/jobs/{job['jobId']}?wait=30")))["status"] != "failed":
            assert told["status"] in ("queued", "running")

    assert "model.pth cannot be used" in told["error"]


def test_a_missing_file_is_told_at_the_start(tmp_path: Path) -> None:
    done = run("serve", "--data", str(tmp_path), LIKENESS_UPSCALER=str(tmp_path / "model.pth"))

    assert done.returncode != 0
    assert "LIKENESS_UPSCALER: there is no such file" in done.stderr


def test_a_missing_package_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from likeness.cli import checked
    from likeness.settings import BadSettings

    (tmp_path / "model.pth").touch()
    monkeypatch.setattr(checked, "find_spec", lambda _: None)

    with pytest.raises(BadSettings, match="needs the package spandrel"):
        checked.ServerSettings.read(upscaler=tmp_path / "model.pth")
