"""The README's program runs as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
from tests.support.server import Server

ROOT = Path(__file__).parents[1]


def test_the_program_for_clients(server: Server) -> None:
    program = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0]
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
    picture = httpx.get(result.stdout.strip())
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
