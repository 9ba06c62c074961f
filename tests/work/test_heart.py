"""The heartbeat: what it ends, and what it lets live."""

import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest
from tests.support.payloads import BASE, GENERATION, offer
from tests.support.rooms import House
from tests.work.conftest import OWNER, Work

from likeness.jobs import queue
from likeness.settings import Settings
from likeness.work.heart import Heart
from likeness.work.training import Training

STALL = 2.0


@pytest.fixture
def settings(work: Work, tiny_folder: Path) -> Settings:
    return Settings.read(**work.house.settings, base=str(tiny_folder), stall=STALL, lease=0.3)


@pytest.fixture
def training(work: Work, settings: Settings) -> Generator[Training]:
    """A training process that hangs: it is stopped before it can make any progress."""
    training = Training(settings, work.house.folder, work.claim)
    running_trainer().suspend()
    heart = Heart(settings, work.house.folder, OWNER)
    heart.watch_training(training)
    heart.start()
    yield training
    heart.stop()
    training.kill("The test is over.")
    training.close()


def running_trainer() -> psutil.Process:
    """The training process, once it is its own program."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        for child in psutil.Process().children():
            if "likeness.work.trainer" in child.cmdline():
                return child
    raise AssertionError("no training process has begun")


def reason_of_death(training: Training) -> str | None:
    """What it was killed for, within half a minute."""
    limit = time.monotonic() + 30
    while training.exit_code() is None and time.monotonic() < limit:
        time.sleep(0.02)
    assert training.exit_code() == -9
    return training.killed_for


def test_a_paused_training_is_not_stuck_until_it_had_its_turn(training: Training) -> None:
    training.pause()
    time.sleep(STALL + 0.5)
    training.resume()
    time.sleep(STALL / 2)
    assert training.killed_for is None
    assert reason_of_death(training) == "It made no progress for 2 s."


def test_a_training_whose_claim_has_ended_is_killed(work: Work, training: Training) -> None:
    work.lose()
    assert reason_of_death(training) == "Its claim has ended."


def test_of_jobs_that_are_done_together_one_may_wait_for_another(
    house: House, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.read(**house.settings, base=str(tiny_folder), stall=STALL, lease=0.3)
    with house.folder.database.write() as transaction:
        for _ in range(2):
            queue.enqueue(transaction, house.account.id, "m", GENERATION, BASE)
        claims = [queue.claim(transaction, offer(OWNER, ["generation"]), 30) for _ in range(2)]
    first, second = (claim for claim in claims if claim)
    given_up: list[str] = []
    monkeypatch.setattr(Heart, "_give_up", lambda _, claim, reason: given_up.append(claim.job_id))
    heart = Heart(settings, house.folder, OWNER)
    heart.watch_jobs([first, second])
    heart.start()
    until = time.monotonic() + 2 * STALL
    while time.monotonic() < until:  # the second waits for the first
        with house.folder.database.write() as transaction:
            queue.report(transaction, first.token, "enlarging", 0, 1)
        time.sleep(STALL / 10)
    with house.folder.database.write(alone=True) as transaction:
        queue.end(transaction, queue.fence(transaction, first.token), None)
    heart.leave_job(first)
    time.sleep(STALL / 2)
    assert given_up == []
    limit = time.monotonic() + 30
    while not given_up and time.monotonic() < limit:
        time.sleep(0.02)
    heart.stop()
    assert set(given_up) == {second.job_id}
