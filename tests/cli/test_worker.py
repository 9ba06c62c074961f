"""`likeness worker`, in this process: the worker is a child that only hears orders."""

import os
import signal
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from subprocess import Popen
from threading import Thread

import click
import pytest
from tests.support.rooms import House

from likeness.cli.worker import run_worker
from likeness.settings import Settings
from likeness.work import holding, supervisor
from likeness.work.lifeline import start_child


@pytest.fixture(autouse=True)
def own_handlers() -> Generator[None]:
    """What this process does with signals stays."""
    numbers = signal.SIGINT, signal.SIGTERM
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the child has heard, line by line."""
    file = tmp_path / "heard"

    def start(_: str, __: str, environment: Mapping[str, str]) -> Popen[bytes]:
        return start_child("tests.work.child", str(file), environment)

    monkeypatch.setattr(supervisor, "start_child", start)
    monkeypatch.setattr(holding, "start_logging", lambda _: None)
    return file


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_it_finish(house: House, heard: Path, number: signal.Signals) -> None:
    def send() -> None:
        limit = time.monotonic() + 60
        while not heard.exists() and time.monotonic() < limit:
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    Thread(target=send, daemon=True).start()
    run_worker(Settings.read(**house.settings, grace=60), house.folder)
    assert heard.read_text().split() == ["ready", "drain"]


def test_a_folder_has_one_process(house: House, heard: Path) -> None:
    with house.folder.serving(), pytest.raises(click.ClickException, match="Another server"):
        run_worker(Settings.read(**house.settings), house.folder)
    assert not heard.exists()
