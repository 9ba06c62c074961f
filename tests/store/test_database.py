"""Transactions on a database that several threads share."""

import asyncio
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import bindparam, column, event, select, table, text, update
from sqlalchemy.exc import DBAPIError
from tests.support.postgres import postgres_away, postgres_database

from likeness.store.database import Database, DatabaseUnreachable
from likeness.store.postgresql import READERS, WRITERS, PostgreSQL
from likeness.store.sqlite import CONNECTIONS, SQLite


@pytest.fixture
def database(database: Database) -> Database:
    """A database with one number in it."""
    with database.write() as transaction:
        transaction.execute(text("CREATE TABLE counter (value INTEGER NOT NULL)"))
        transaction.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def value(database: Database) -> int:
    with database.read() as transaction:
        return transaction.scalar(text("SELECT value FROM counter"))


COUNTER = table("counter", column("value"))


@pytest.mark.parametrize("alone", [True, False])
def test_writers_that_read_first_lose_no_update(database: Database, alone: bool) -> None:
    def count(_: int) -> None:
        with database.write(alone=alone) as transaction:
            row = (transaction.one if alone else transaction.hold)(select(COUNTER))
            assert row is not None
            transaction.execute(update(COUNTER).values(value=row["value"] + 1))

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


def test_glances_see_what_is_there_now(database: Database) -> None:
    async def look() -> list[int | None]:
        glance = database.glances(select(COUNTER.c.value).where(COUNTER.c.value == bindparam("x")))
        seen = [await glance(0), await glance(7)]
        with database.write() as transaction:
            transaction.execute(text("UPDATE counter SET value = 7"))
        return [*seen, await glance(0), await glance(7)]

    assert asyncio.run(look()) == [0, None, None, 7]


@pytest.fixture
def sqlite(tmp_path: Path) -> SQLite:
    return SQLite(tmp_path / "test.db")


@pytest.fixture
def postgresql() -> Generator[PostgreSQL]:
    with postgres_database(migrated=False) as url:
        database = PostgreSQL(url)
        yield database
        database.close()


def test_commits_survive_a_power_cut(sqlite: SQLite) -> None:
    with sqlite.read() as transaction:
        assert transaction.scalar(text("PRAGMA synchronous")) == 2, "FULL"
        assert transaction.scalar(text("PRAGMA journal_mode")) == "wal"


def test_as_many_readers_as_threads_find_connections_open(sqlite: SQLite) -> None:
    opened: list[object] = []
    event.listen(sqlite.engine, "connect", lambda connection, _: opened.append(connection))
    all_at_once = Barrier(CONNECTIONS, timeout=60)

    def look(_: int) -> None:
        with sqlite.read() as transaction:
            transaction.scalar(text("SELECT 1"))
            all_at_once.wait()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(3):
            list(pool.map(look, range(CONNECTIONS)))
    assert len(opened) <= CONNECTIONS


def test_a_process_takes_few_connections(postgresql: PostgreSQL) -> None:
    def look(turn: int) -> int:
        with (postgresql.read if turn % 2 else postgresql.write)() as transaction:
            # Not the server's own workers, which look after each database from time to time.
            count = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend'"
            )
            return transaction.scalar(text(count))

    with ThreadPoolExecutor(80) as pool:
        assert max(pool.map(look, range(400))) <= READERS + WRITERS


def test_writers_who_wait_leave_connections_to_readers(postgresql: PostgreSQL) -> None:
    def write(_: int) -> None:
        with postgresql.write(alone=True):
            pass

    with ThreadPoolExecutor(2 * WRITERS) as pool:
        with postgresql.write(alone=True):
            writing = [pool.submit(write, turn) for turn in range(2 * WRITERS)]
            time.sleep(0.5)
            started = time.monotonic()
            with postgresql.read() as transaction:
                assert transaction.now > 0
            assert time.monotonic() - started < 1
            assert not any(one.done() for one in writing)
        for one in writing:
            one.result()


def test_reads_cannot_write(postgresql: PostgreSQL) -> None:
    with pytest.raises(DBAPIError, match="read-only"), postgresql.read() as transaction:
        transaction.execute(text("CREATE TABLE x (y INTEGER)"))


def test_nobody_who_stands_still_holds_up_the_others(
    postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("likeness.store.postgresql.PATIENCE", 1)
    with pytest.raises(DatabaseUnreachable), postgresql.write(alone=True) as frozen:
        time.sleep(1.5)
        with postgresql.write(alone=True) as other:
            assert other.now > 0
        assert frozen.now > 0, "broken off"


def test_a_server_that_is_away_comes_back_by_itself(postgresql: PostgreSQL) -> None:
    async def glance() -> object:
        return await postgresql.glances(select(bindparam("x", 1)))(1)

    def write() -> object:
        with postgresql.write() as transaction:
            return transaction.scalar(text("SELECT 1"))

    def read() -> object:
        with postgresql.read() as transaction:
            return transaction.scalar(text("SELECT 1"))

    looks = write, read, lambda: asyncio.run(glance())
    assert [look() for look in looks] == [1, 1, 1]
    with postgres_away():
        for look in looks:
            with pytest.raises(DatabaseUnreachable, match="LIKENESS_DATABASE_URL"):
                look()
    assert [look() for look in looks] == [1, 1, 1]


def test_a_transaction_that_the_server_breaks_off_is_told_so(postgresql: PostgreSQL) -> None:
    with pytest.raises(DatabaseUnreachable), postgresql.write() as transaction:
        transaction.execute(text("SELECT 1"))
        with postgres_away():
            pass
        transaction.execute(text("SELECT 1"))


def test_a_restart_of_the_server_is_got_over(postgresql: PostgreSQL) -> None:
    with postgresql.read() as transaction:
        own = transaction.scalar(text("SELECT pg_backend_pid()"))
    other = PostgreSQL(postgresql.engine.url.render_as_string(hide_password=False))
    with other.write() as transaction:
        transaction.execute(text(f"SELECT pg_terminate_backend({own})"))
    other.close()
    with postgresql.read() as transaction:
        assert transaction.scalar(text("SELECT pg_backend_pid()")) != own
