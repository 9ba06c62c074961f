"""Whoever is killed, and whenever: the news of a job arrives."""

import time
from pathlib import Path

from sqlalchemy import update
from tests.support.receiver import receiver
from tests.support.server import Server, free_port
from tests.support.web import WEB_HOST

from likeness.store.folder import DataFolder
from likeness.webhooks.table import messages
from likeness.work.sender import LEASE

BODY = {"modelID": "nanobanana", "prompt": "p", "options": {"gemini": {"imageSize": "64x64"}}}


def start(server: Server, url: str) -> str:
    """Start a job that tells a URL."""
    with server.http() as http:
        answer = http.post("/images/generation", json={**BODY, "webhookUrl": url})
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]["jobId"]


def wait_for_end(server: Server, job_id: str) -> None:
    with server.http() as http:
        while http.get(f"/jobs/{job_id}").json()["result"]["status"] != "success":
            time.sleep(0.1)


def test_news_outlives_the_server_that_was_to_send_it(tmp_path: Path, tiny_folder: Path) -> None:
    allowed, port = f"{WEB_HOST}/32", free_port()
    server = Server(tmp_path / "data", tiny_folder, public_models="local", fetch_allow=allowed)
    with server:
        job_id = start(server, f"http://{WEB_HOST}:{port}/away")
        wait_for_end(server, job_id)  # and nobody is there to hear of it
        server.kill()
        with receiver(port) as hook:
            server.start()
            (arrival,) = hook.wait("/away", timeout=600)
            assert arrival.said["data"]["jobId"] == job_id


def test_a_message_that_was_being_sent_is_sent_again(tmp_path: Path, tiny_folder: Path) -> None:
    allowed = f"{WEB_HOST}/32"
    server = Server(tmp_path / "data", tiny_folder, public_models="local", fetch_allow=allowed)
    with server, receiver() as hook:
        job_id = start(server, f"{hook.root}/silent")
        hook.wait("/silent", timeout=300)
        server.kill()  # it was still waiting for the answer
        hook.free.set()
        database = DataFolder(server.data).database
        with database.write() as transaction:  # the minute of its lease passes
            transaction.execute(update(messages).values(due_at=messages.c.due_at - LEASE))
        database.close()
        server.start()
        first, second = hook.wait("/silent", 2, timeout=600)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.said == second.said
    assert second.said["data"]["jobId"] == job_id
