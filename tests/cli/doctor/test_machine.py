"""What is found of what draws."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from tests.cli.doctor.looking import look, states

from likeness.cli.doctor import machine
from likeness.cli.doctor.finding import State
from likeness.cli.doctor.machine import look_at_base, look_at_device


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A base of its own, to be broken."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "base"))


def test_a_base_that_is_whole(folder: Path) -> None:
    (found,) = look(look_at_base, base=str(folder))
    assert found.state is State.FINE
    assert "tiny" in found.found


def test_a_base_that_is_not_there() -> None:
    (found,) = look(look_at_base, base="no-such-base")
    assert found.state is State.WRONG
    assert "mini" in str(found.advice)


@pytest.mark.parametrize(
    "content",
    [
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n",
        b"",
        (2).to_bytes(8, "little") + b"[]",
        (300).to_bytes(8, "little") + b"{}",
    ],
)
def test_what_stands_for_a_file_is_not_the_file(content: bytes, folder: Path) -> None:
    file = next(folder.rglob("*.safetensors"))
    file.write_bytes(content)
    (found,) = look(look_at_base, base=str(folder))
    assert found.state is State.WRONG
    assert str(file) in found.found


def test_a_file_that_is_cut_off(folder: Path) -> None:
    file = next(folder.rglob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:-1])
    assert states(look(look_at_base, base=str(folder))) == [State.WRONG]


def test_a_piece_that_is_missing(folder: Path) -> None:
    index = folder / "transformer" / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "piece-2.safetensors"}}))
    (found,) = look(look_at_base, base=str(folder))
    assert "piece-2.safetensors is missing" in found.found


def test_a_device_that_is_there() -> None:
    (found,) = look(look_at_device, device="cpu")
    assert found.state is State.FINE


def test_a_device_that_is_not_there() -> None:
    (found,) = look(look_at_device, device="cuda:63")
    assert found.state is State.WRONG
    assert found.advice


def test_a_card_that_torch_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    findings = look(look_at_device)
    assert State.DOUBTFUL in states(findings)
    assert "CUDA" in str(findings[-1].advice)


def test_a_base_that_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_memory", lambda: 1000)
    (found,) = look(look_at_device, device="cpu")
    assert found.state is State.DOUBTFUL
    assert "mini wants" in found.found
