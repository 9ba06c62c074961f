"""Children die with their parent, whatever kills it and whatever they are doing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from likeness.work.lifeline import give_order, start_child


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """The file into which a child writes."""
    return tmp_path / "heard"


@pytest.fixture
def child(heard: Path) -> Generator[subprocess.Popen[bytes]]:
    """A child of this process, ready."""
    process = start_child("tests.work.child", str(heard), {})
    try:
        wait_for(heard, "ready\n")
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def wait_for(file: Path, content: str) -> None:
    """Wait until a file has this content."""
    limit = time.monotonic() + 15
    while not file.exists() or file.read_text() != content:
        assert time.monotonic() < limit, file.read_text() if file.exists() else "no file"
        time.sleep(0.02)


@pytest.mark.parametrize("state", ["working", "importing", "stopped"])
def test_it_dies_when_its_parent_is_killed(heard: Path, state: str) -> None:
    command = [sys.executable, "-m", "tests.work.child", str(heard)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        if state != "importing":
            wait_for(heard, "ready\n")
        if state == "stopped":
            child.send_signal(signal.SIGSTOP)
        parent.kill()
        limit = time.monotonic() + 1
        while alive(child):
            assert time.monotonic() < limit
            time.sleep(0.01)


def alive(process: psutil.Process) -> bool:
    """Whether it runs; an orphan that nobody has waited for yet does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_it_dies_when_its_input_ends(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(1) == 1


def test_it_hears_orders_until_it_is_gone(child: subprocess.Popen[bytes], heard: Path) -> None:
    for order in ("pause", "resume", "pause"):
        give_order(child, order)
    wait_for(heard, "ready\npause\nresume\npause\n")
    child.kill()
    child.wait()
    give_order(child, "resume")


def test_ctrl_c_is_for_the_parent(child: subprocess.Popen[bytes], heard: Path) -> None:
    child.send_signal(signal.SIGINT)
    give_order(child, "still there")
    wait_for(heard, "ready\nstill there\n")


def test_it_ends_when_its_parent_is_another_by_then(heard: Path) -> None:
    command = [sys.executable, "-m", "likeness.work.lifeline", "tests.work.child", str(heard)]
    environment = {**os.environ, "LIKENESS_PARENT_PID": "1"}
    done = subprocess.run(command, env=environment, timeout=15, check=False)
    assert done.returncode == 1
    assert not heard.exists()
