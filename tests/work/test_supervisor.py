"""Looking after a worker: here a child that only hears orders."""

import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen

import pytest
from tests.support.payloads import BASE, offer
from tests.support.rooms import House

from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload
from likeness.settings import Settings
from likeness.work import supervisor
from likeness.work.lifeline import start_child
from likeness.work.supervisor import Supervisor

PAYLOAD = GenerationPayload(
    adapter_id=None, prompt="p", width=64, height=64, num_images=1, steps=None, seed=1
)


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the child has heard, line by line."""
    file = tmp_path / "heard"

    def start(_: str, owner: str, environment: Mapping[str, str]) -> Popen[bytes]:
        (tmp_path / "owner").write_text(owner)
        return start_child("tests.work.child", str(file), environment)

    monkeypatch.setattr(supervisor, "start_child", start)
    return file


def begin(house: House, heard: Path, *, grace: float, worker: bool = True) -> Supervisor:
    """A supervisor at work, with a job claimed by its worker if it has one."""
    settings = Settings.read(**house.settings, grace=grace, sweep=0.1)
    one = Supervisor(settings, house.folder, worker=worker)
    one.start()
    limit = time.monotonic() + 60
    while worker and not heard.exists() and time.monotonic() < limit:
        time.sleep(0.02)
    return one


def test_a_worker_gets_the_time_to_finish(house: House, heard: Path) -> None:
    one = begin(house, heard, grace=60)
    started = time.monotonic()
    one.stop()
    assert time.monotonic() - started < 30, "it ended by itself"
    assert heard.read_text().split() == ["ready", "drain"]


def test_what_a_worker_does_not_finish_is_handed_back(house: House, heard: Path) -> None:
    one = begin(house, heard, grace=0)
    owner = heard.with_name("owner").read_text()
    with house.folder.database.write() as transaction:
        queue.enqueue(transaction, house.account.id, "m", PAYLOAD, BASE)
        claim = queue.claim(transaction, offer(owner, ["generation"]), 3600)
    assert claim is not None
    one.stop()
    with house.folder.database.write() as transaction:
        again = queue.claim(transaction, offer("another", ["generation"]), 3600)
    assert again is not None
    assert again.job_id == claim.job_id


def test_a_server_may_have_no_worker(house: House, heard: Path) -> None:
    one = begin(house, heard, grace=0, worker=False)
    time.sleep(0.5)
    one.stop()
    assert not heard.exists()
