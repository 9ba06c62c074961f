"""Schemathesis makes requests from our own description and holds every answer to it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.contract import calls
from tests.support.server import Server, make_key

from likeness.jobs.window import Place

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAM = Path(sys.executable).with_name("schemathesis")
ARGUMENTS = ["--no-color", "--checks", "all", "--header", "API-Version: 1"]
PAGE = "/openapi.json"
EMPTY = 10


def test_our_description_is_kept(server: Server, tmp_path: Path) -> None:
    keys = {name: make_key(server.data, name, f"proof {name}") for name in ("one", "two")}
    users = tmp_path / "users.json"
    users.write_text(json.dumps({"auth": [_user(name, key) for name, key in keys.items()]}))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        "PROOF": json.dumps(_what_is_there(server, keys["one"])),
        "PROOF_USERS": str(users),
    }

    done = subprocess.run(
        [
            PROGRAM,
            "--config-file",
            HERE / "schemathesis.toml",
            "run",
            *ARGUMENTS,
            server.api + PAGE,
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def _user(name: str, key: str) -> dict[str, Any]:
    return {
        "name": name,
        "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {key}"}],
    }


def _what_is_there(server: Server, key: str) -> dict[str, Any]:
    """A trained model with a picture, models to upload to, and a token of the list of jobs."""
    with server.http(key) as http:
        model_id = calls.with_photos(http, 12)
        calls.result(calls.train(http, model_id))
        calls.wait_for_job(http, calls.model(http, model_id)["trainingJobId"])
        job = calls.generate(http, {"modelID": model_id, "prompt": "at the beach", "steps": 1})
        (clip,) = calls.video(http, seed=7)
        place = Place(0.0, calls.UNKNOWN)
        return {
            "api": server.api,
            "model": model_id,
            "empty": [calls.new_model(http) for _ in range(EMPTY)],
            "image": job["images"][0]["id"],
            "job": job["jobId"],
            "video": clip["id"],
            "token": place.token(),
        }
