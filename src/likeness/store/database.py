"""Connections and transactions."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    RowMapping,
    Select,
    create_engine,
    event,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, select
from sqlalchemy.types import Float


class clock(FunctionElement[float]):  # noqa: N801 - it reads as an SQL function
    """The database's clock, in seconds since 1970, so that all processes share one time."""

    type = Float()
    inherit_cache = True


@compiles(clock, "sqlite")
def _clock_sqlite(*_: Any, **__: Any) -> str:
    # unixepoch('subsec') is NULL before SQLite 3.42.
    return "((julianday('now') - 2440587.5) * 86400.0)"


_NOW = select(clock())

READERS = 2
"""How many threads read at once where requests are answered. A row takes microseconds, and before
each SQLite lets another thread run: many readers take turns longer than they read."""

CONNECTIONS = 40
"""How many stay open, one for each thread that may be answering: to open one costs as much as
several reads."""


class Transaction:
    """One open transaction; it commits when its block ends without an exception.

    Reads take values for the parameters of their statement: to build a statement costs more than
    to run it, so what is read often is built once.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def now(self) -> float:
        """The database's time at the first look, in seconds since 1970."""
        return self.connection.execute(_NOW).scalar_one()

    def execute(
        self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement."""
        return self.connection.execute(statement, rows)

    def one(self, statement: Executable, **values: Any) -> RowMapping | None:
        """The only row, or None."""
        return self.connection.execute(statement, values).mappings().one_or_none()

    def all(self, statement: Executable, **values: Any) -> Sequence[RowMapping]:
        """All rows."""
        return self.connection.execute(statement, values).mappings().all()

    def scalar(self, statement: Executable, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement, values).scalar()


class Database:
    """A database that many threads and processes share.

    SQLite in WAL mode: readers never wait; writers take the write lock when they begin, so that a
    transaction that reads and then writes never has to be tried again. `synchronous=FULL` keeps
    every commit through a power cut, `secure_delete` overwrites what is deleted.
    """

    def __init__(self, path: Path) -> None:
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            json_deserializer=from_json,
            pool_size=CONNECTIONS,
            pool_use_lifo=True,  # what was read last is in the cache of the connection used last
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 30.0},
        )
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(likeness_write=True)

    @contextmanager
    def read(self) -> Generator[Transaction]:
        """A transaction that only reads: one consistent view."""
        with self.engine.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def write(self) -> Generator[Transaction]:
        """A transaction that may write: alone from its beginning to its commit."""
        with self._writing.begin() as connection:
            yield Transaction(connection)

    def glances(self, statement: Select[Any]) -> Callable[..., Any]:
        """A function that takes a statement's values and returns the first column of its first row.

        It takes microseconds, so an event loop may call it: it has a connection of its own, waits
        for no thread, no writer and no place in the pool, and begins no transaction.
        """
        sql = str(statement.compile(self.engine))
        connection = self.engine.raw_connection()
        connection.detach()
        cursor = connection.cursor()

        def glance(*values: Any) -> Any:
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

    def close(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _: object) -> None:
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


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("likeness_write", False)
    # Past SQLAlchemy, in which a statement costs ten times as much as this one does in SQLite.
    raw: Any = connection.connection.driver_connection
    raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")
