"""Transactions on a database that several threads share."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event, text

from likeness.store.database import CONNECTIONS, Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "test.db")
    with database.write() as transaction:
        transaction.execute(text("CREATE TABLE counter (value INTEGER NOT NULL)"))
        transaction.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def value(database: Database) -> int:
    with database.read() as transaction:
        return transaction.scalar(text("SELECT value FROM counter"))


def test_writers_that_read_first_lose_no_update(database: Database) -> None:
    def count(_: int) -> None:
        with database.write() as transaction:
            seen = transaction.scalar(text("SELECT value FROM counter"))
            transaction.execute(text(f"UPDATE counter SET value = {seen + 1}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(100)))
    assert value(database) == 100


def test_an_exception_takes_everything_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as transaction:
        transaction.execute(text("UPDATE counter SET value = 7"))
        raise RuntimeError
    assert value(database) == 0


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with database.write() as transaction:
        transaction.execute(text("UPDATE counter SET value = 7"))
        started = time.monotonic()
        assert value(database) == 0
        assert time.monotonic() - started < 1


def test_a_reader_keeps_one_view(database: Database) -> None:
    with database.read() as reader:
        assert reader.scalar(text("SELECT value FROM counter")) == 0
        with database.write() as writer:
            writer.execute(text("UPDATE counter SET value = 7"))
        assert reader.scalar(text("SELECT value FROM counter")) == 0


def test_the_clock_is_the_databases(database: Database) -> None:
    with database.read() as transaction:
        assert transaction.now == pytest.approx(time.time(), abs=2)
        assert transaction.now == transaction.now


def test_commits_survive_a_power_cut(database: Database) -> None:
    with database.read() as transaction:
        assert transaction.scalar(text("PRAGMA synchronous")) == 2, "FULL"
        assert transaction.scalar(text("PRAGMA journal_mode")) == "wal"


def test_as_many_readers_as_threads_find_connections_open(database: Database) -> None:
    opened: list[object] = []
    event.listen(database.engine, "connect", lambda connection, _: opened.append(connection))
    all_at_once = Barrier(CONNECTIONS, timeout=60)

    def look(_: int) -> None:
        with database.read() as transaction:
            transaction.scalar(text("SELECT value FROM counter"))
            all_at_once.wait()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(3):
            list(pool.map(look, range(CONNECTIONS)))
    assert len(opened) <= CONNECTIONS
