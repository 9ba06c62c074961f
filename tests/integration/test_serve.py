"""`likeness serve` as an operator meets it: starting, keys, refusals, backup, stopping."""

import hashlib
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.integration.conftest import MakeBase, Trained
from tests.integration.watching import (
    TRAINER,
    WORKER,
    model_with_photos,
    rows,
    running_at,
    train,
    wait_until,
)
from tests.support.pace import pace
from tests.support.server import PROGRAM, VERSION, Server, free_port

START = 2.0
"""Seconds in which `ping` answers on an idle machine."""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end."""
    command = [*PROGRAM, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def pong(root: str, key: str) -> int:
    """The status of a ping with a key."""
    headers = {"Authorization": f"Bearer {key}", **VERSION}
    return httpx.get(f"{root}/api/ping", headers=headers).status_code


def test_first_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing but a command: a server with a key, within two seconds."""
    seconds = min(first_start(tmp_path / f"data{number}") for number in range(3))
    busy = max(pace(), os.getloadavg()[0] / (os.cpu_count() or 1))
    with capsys.disabled():
        print(f"\nping answers {seconds:.2f} s after the first start (usual: / {busy:.1f})")
    assert seconds < START * busy


def test_answers_on_an_open_connection_do_not_wait_for_the_client_to_confirm(
    server: Server,
) -> None:
    """Where the head of an answer is sent alone, its body follows 40 ms later."""
    took: list[float] = []
    with server.http() as http:
        for _ in range(20):
            started = time.monotonic()
            http.get("/ping")
            took.append(time.monotonic() - started)
    assert sorted(took)[5] < 0.03


def first_start(data: Path) -> float:
    """Seconds until ping answers with the key that the first start printed."""
    log, port = data.with_suffix(".log"), free_port()
    with log.open("w") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", str(port), "--data", str(data)], stdout=output
        )
    try:
        wait_until(lambda: f":{port}/api/docs" in log.read_text(), 30, "the start is told")
        (line,) = [line for line in log.read_text().splitlines() if "API key" in line]
        key = line.split()[-1]
        wait_until(lambda: answers(f"http://127.0.0.1:{port}", key), 30, "ping answers")
        seconds = time.monotonic() - started
        for path in data.glob("likeness.db*"):
            assert key.encode() not in path.read_bytes(), "only a hash is kept"
        assert rows(data, "SELECT hash FROM api_keys") == [
            (hashlib.sha256(key.encode()).hexdigest(),)
        ]
        return seconds
    finally:
        process.terminate()
        process.wait(30)


def answers(root: str, key: str) -> bool:
    """Whether ping answers already."""
    try:
        return pong(root, key) == 200
    except httpx.TransportError:
        return False


def test_keys(server: Server, tmp_path: Path) -> None:
    """Keys are made on an empty, a stopped and a running folder, and end at once."""
    empty = tmp_path / "new"
    for data in (empty, empty, server.data):
        made = run("keys", "create", "Ann", "--data", str(data))
        assert (made.returncode, made.stderr, made.stdout.count("\n")) == (0, "", 1)
        assert made.stdout.startswith("lk_")
    key = made.stdout.strip()
    assert pong(server.root, key) == 200
    listed = run("keys", "list", "--data", str(server.data)).stdout
    assert key not in listed
    (mine,) = [line for line in listed.splitlines() if "Ann" in line]
    assert mine.endswith("in use")
    assert run("keys", "revoke", mine.split()[0], "--data", str(server.data)).returncode == 0
    assert pong(server.root, key) == 401
    assert pong(server.root, server.key) == 200
    again = run("keys", "revoke", mine.split()[0], "--data", str(server.data))
    assert again.returncode == 1
    assert "keys list" in again.stderr


def test_shares(tmp_path: Path) -> None:
    """What an account gets is set and listed by its name."""
    folder = ["--data", str(tmp_path / "new")]
    run("keys", "create", "Ann", "--account", "shop", *folder)
    assert run("accounts", "list", *folder).stdout == "shop  0  1\n"
    assert run("accounts", "share", "shop", "--weight", "2.5", *folder).returncode == 0
    assert run("accounts", "list", *folder).stdout == "shop  0  2.5\n"
    unknown = run("accounts", "share", "studio", *folder)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "accounts list" in unknown.stderr
    assert run("accounts", "share", "shop", "--weight", "0", *folder).returncode == 2


def test_refusals(server: Server, tmp_path: Path, trained: Trained) -> None:
    """What cannot be done is told in a sentence."""
    newer = trained.copy(tmp_path / "newer")
    with closing(sqlite3.connect(newer / "likeness.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    other = str(tmp_path / "other")
    cases = {
        "Another server works on this data folder.": ["--data", str(server.data), "--port", "0"],
        "Cannot listen on 127.0.0.1 port": ["--data", other, "--port", str(server.port)],
        "was written by a newer": ["--data", str(newer)],
    }
    for sentence, arguments in cases.items():
        refused = run("serve", *arguments)
        assert refused.returncode == 1
        assert sentence in refused.stderr
        assert "Traceback" not in refused.stderr
    assert pong(server.root, server.key) == 200


def test_all_mistakes_in_the_settings_at_once(tmp_path: Path) -> None:
    wrong = {"LIKENESS_PORTT": "1", "LIKENESS_BASE": "nope", "LIKENESS_LEASE": "-1"}
    refused = run("serve", "--data", str(tmp_path / "data"), **wrong)
    assert refused.returncode == 1
    for name in wrong:
        assert name in refused.stderr
    assert "Installed: mini" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_copy_of_the_folder_is_a_backup(
    tmp_path: Path, tiny_folder: Path, trained: Trained
) -> None:
    seen: list[list[str]] = []
    for data in (trained.copy(tmp_path / "one"), trained.copy(tmp_path / "two")):
        with Server(data, tiny_folder) as server, server.client() as client:
            images = client.model_images(trained.model_id, size=100)
            assert all(client.download(image).startswith(b"\xff\xd8") for image in images)
            assert client.model(trained.model_id).status == "ready"
            assert len(client.job(trained.job_id).images) == 2
            seen.append([image.url.removeprefix(server.root) for image in images])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 14


def test_a_stop_hands_a_training_back(tmp_path: Path, make_base: MakeBase) -> None:
    data, base = tmp_path / "data", make_base(training=150, checkpoint_every=20)
    server = Server(data, base, attempts=1)
    with server, server.client() as client:
        model_id = model_with_photos(client, tmp_path)
        job_id = train(client, model_id)
        wait_until(running_at(client, job_id, "training", 45), 120, "two checkpoints are written")
        server.stop()
        assert server.processes(TRAINER) + server.processes(WORKER) == []
        ((status, step),) = rows(data, "SELECT status, checkpoint_step FROM jobs")
        assert status == "queued"
        assert step >= 40
        server.start()
        assert wait_until(running_at(client, job_id, "training"), 120, "it runs again") >= step
        client.wait_for_job(job_id, timeout=600)
        assert client.model(model_id).status == "ready"
