"""The README's programs run as they stand there, one after the other."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
from tests.support.server import Server

ROOT = Path(__file__).parents[1]


def test_the_programs_for_clients(server: Server) -> None:
    programs = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(programs) == 2
    program = "\n".join(programs)
    for placeholder, value in (
        ("http://127.0.0.1:8900/api", server.api),
        ("<YOUR_API_KEY>", server.key),
        ("time.sleep(5)", "time.sleep(0.5)"),
    ):
        assert placeholder in program
        program = program.replace(placeholder, value)
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    picture, video = (httpx.get(url) for url in result.stdout.split())
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert video.headers["content-type"] == "video/mp4"
    assert video.content[4:8] == b"ftyp"
