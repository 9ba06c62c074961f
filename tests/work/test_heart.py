"""The heartbeat: what it ends, and what it lets live."""

import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest
from tests.work.conftest import OWNER, Work

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
