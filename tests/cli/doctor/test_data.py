"""What is found where the data is kept."""

import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from tests.cli.doctor.looking import look, states
from tests.support.postgres import postgres_database
from tests.support.rooms import House
from tests.support.server import free_port

from likeness.cli.doctor import data
from likeness.cli.doctor.data import (
    look_at_blobs,
    look_at_clock,
    look_at_database,
    look_at_disk,
)
from likeness.cli.doctor.finding import State
from likeness.store.migration import HEAD


def test_all_is_well(house: House) -> None:
    (found,) = look(look_at_database, house)
    assert found.state is State.FINE
    assert f"revision {HEAD}" in found.found
    before = house.keys()
    assert set(states(look(look_at_blobs, house))) == {State.FINE}
    assert house.keys() == before
    assert set(states(look(look_at_clock, house))) == {State.FINE}


def test_where_nothing_is_yet_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for one in (look_at_database, look_at_blobs, look_at_disk, look_at_clock):
        assert states(look(one, data=folder)) == [State.FINE]
    assert not folder.exists()


def test_a_newer_database(house: House) -> None:
    with house.folder.database.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    (found,) = look(look_at_database, house)
    assert found.state is State.WRONG
    assert "Install that version" in str(found.advice)


def test_a_postgresql_without_tables() -> None:
    with postgres_database(migrated=False) as url:
        (found,) = look(look_at_database, database_url=url)
    assert found.state is State.WRONG
    assert "likeness migrate" in str(found.advice)


def test_a_postgresql_that_is_away_is_told_once() -> None:
    url = f"postgresql://somebody@127.0.0.1:{free_port()}/likeness"
    (found,) = look(look_at_database, database_url=url)
    assert found.state is State.WRONG
    assert "LIKENESS_DATABASE_URL" in str(found.advice)
    assert not look(look_at_clock, database_url=url)


def test_a_damaged_file(tmp_path: Path) -> None:
    house = House.build(tmp_path / "data")
    with house.folder.database.write() as transaction:
        house.model(transaction, photos=200)
    house.folder.database.forget_past()
    house.folder.database.close()
    file = tmp_path / "data" / "likeness.db"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    file.write_bytes(content)
    (found,) = look(look_at_database, house)
    assert found.state is State.WRONG
    assert "backup" in str(found.advice)


def test_a_slow_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "SLOW", 0.0)
    (found,) = look(look_at_database, house)
    assert found.state is State.DOUBTFUL


def test_a_blob_store_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(data, "PATIENCE", 0.5)
    (found,) = look(look_at_blobs, blob_url="s3://no-bucket")
    assert found.state is State.WRONG
    assert "AWS_" in str(found.advice)


@pytest.mark.parametrize("house", ["many machines"], indirect=True)
def test_links_that_lead_nowhere(house: House) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    own, links = look(look_at_blobs, house, blob_public_url=away)
    assert states([own, links]) == [State.FINE, State.DOUBTFUL]
    assert "LIKENESS_BLOB_PUBLIC_URL" in str(links.advice)


@pytest.mark.parametrize("house", ["one machine"], indirect=True)
@pytest.mark.parametrize("name", ["blobs", "blobs/doctor"])
def test_blobs_that_cannot_be_written(name: str, house: House) -> None:
    folder = house.folder.path / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.touch()
    (found,) = look(look_at_blobs, house)
    assert found.state is State.WRONG
    assert "LIKENESS_DATA" in str(found.advice)


@pytest.mark.parametrize(
    ("free", "state"), [(5e8, State.WRONG), (5e9, State.DOUBTFUL), (5e10, State.FINE)]
)
def test_room(free: float, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    (found,) = look(look_at_disk, data=tmp_path)
    assert found.state is state
    assert str(tmp_path) in found.found


@pytest.mark.parametrize(
    ("ahead", "state"), [(20.0, State.DOUBTFUL), (-1000.0, State.WRONG), (0.0, State.FINE)]
)
@pytest.mark.parametrize("house", ["many machines"], indirect=True)
def test_a_clock_that_is_off(
    ahead: float, state: State, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time
    monkeypatch.setattr(data.time, "time", lambda: now() + ahead)
    findings = look(look_at_clock, house)
    assert states(findings) == [state, state]
    words = {20.0: "ahead of", -1000.0: "behind"}.get(ahead, "s ")
    assert all(words in finding.found for finding in findings)
