"""SQLite: the database of one machine, a file in the data folder."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, Select, create_engine, event

from likeness.store.database import Database, Transaction

READERS = 2
"""How many threads read at once where requests are answered. A row takes microseconds, and before
each SQLite lets another thread run: many readers take turns longer than they read."""

CONNECTIONS = 40
"""How many stay open, one for each thread that may be answering: to open one costs as much as
several reads."""


class SQLite(Database):
    """SQLite in WAL mode: readers never wait; writers take the write lock when they begin, so that
    each is alone, and one that reads and then writes never has to be tried again.

    `synchronous=FULL` keeps every commit through a power cut, `secure_delete` overwrites what is
    deleted.
    """

    readers = READERS

    def __init__(self, path: Path) -> None:
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            json_deserializer=from_json,
            pool_size=CONNECTIONS,
            pool_use_lifo=True,  # what was read last is in the cache of the connection used last
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 30.0},
        )
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)
        self._writing = self.engine.execution_options(likeness_write=True)

    @contextmanager
    def read(self) -> Generator[Transaction]:
        """A transaction that only reads: one consistent view."""
        with self.engine.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def write(self, *, alone: bool = False) -> Generator[Transaction]:
        """A transaction that may write: alone from its beginning to its commit, asked or not."""
        with self._writing.begin() as connection:
            yield Transaction(connection, alone=alone)

    def glances(self, statement: Select[Any]) -> Callable[..., Awaitable[Any]]:
        """A function that takes a statement's values and returns the first column of its first row.

        It takes microseconds, so it does not leave the event loop: it has a connection of its own,
        waits for no thread, no writer and no place in the pool, and begins no transaction.
        """
        sql = str(statement.compile(self.engine))
        connection = self.engine.raw_connection()
        connection.detach()
        cursor = connection.cursor()

        async def glance(*values: Any) -> Any:
            rows = cursor.execute(sql, values).fetchall()  # to the end, which lets go of the view
            return rows[0][0] if rows else None

        return glance

    def forget_past(self) -> None:
        """Drop old copies of pages, which hold what was deleted since, from the write-ahead log."""
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _prepare(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("likeness_write", False)
    # Past SQLAlchemy, in which a statement costs ten times as much as this one does in SQLite.
    raw: Any = connection.connection.driver_connection
    raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")
