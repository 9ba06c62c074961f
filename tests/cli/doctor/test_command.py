"""`likeness doctor`, as people see it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likeness.cli.main import cli


def doctor(folder: Path) -> Result:
    return CliRunner().invoke(cli, ["doctor", "--data", str(folder)])


def test_all_is_well(tmp_path: Path) -> None:
    result = doctor(tmp_path)
    assert result.exit_code == 0, result.output
    names = [line.split()[1] for line in result.output.splitlines()]
    assert set(names) == {"settings", "database", "blobs", "base", "device", "disk", "clock"}


def test_what_is_wrong_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_BASE", "no-such-base")
    result = doctor(tmp_path)
    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == 1
    assert "no-such-base" in wrong[0]
    assert "Name one of these" in result.output


def test_settings_that_do_not_go_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    result = doctor(tmp_path)
    assert result.exit_code == 1
    assert "LIKENESS_SECRET: must be set" in result.output


def test_settings_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_PORT", "many")
    result = doctor(tmp_path)
    assert result.exit_code == 1
    assert "LIKENESS_PORT" in result.output
