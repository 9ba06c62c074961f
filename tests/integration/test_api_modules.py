"""The API's process never imports what only workers need."""

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import Trained
from tests.support.server import Server, make_key


def test_every_endpoint_is_served_without_a_network(tmp_path: Path, trained: Trained) -> None:
    data = trained.copy(tmp_path / "data")
    module = "tests.integration.every_endpoint"
    arguments = [str(data), make_key(data), trained.model_id, trained.job_id]
    result = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["missing"] == []
    assert told["imported"] == []


def test_the_servers_own_process(server: Server) -> None:
    with server.client() as client:
        client.create_model(name="Anyone")
    loaded = [mapped.path for mapped in server.process.memory_maps()]
    assert any("python" in path for path in loaded)
    assert [path for path in loaded if "torch" in path or "cv2" in path] == []
