"""Connections and transactions, whatever the database."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, RowMapping, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, select
from sqlalchemy.types import Float

from likeness.store.unreachable import Unreachable


class clock(FunctionElement[float]):  # noqa: N801 - it reads as an SQL function
    """The database's clock, in seconds since 1970, so that all processes share one time."""

    type = Float()
    inherit_cache = True


@compiles(clock, "sqlite")
def _clock_sqlite(*_: Any, **__: Any) -> str:
    # unixepoch('subsec') is NULL before SQLite 3.42.
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(clock, "postgresql")
def _clock_postgresql(*_: Any, **__: Any) -> str:
    # now() would stand still from the beginning of the transaction, which may have waited since.
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"


_NOW = select(clock())


class DatabaseUnreachable(Unreachable):
    """The database cannot be reached. Look at LIKENESS_DATABASE_URL, and whether it is running."""


class Transaction:
    """One open transaction; it commits when its block ends without an exception.

    Reads take values for the parameters of their statement: to build a statement costs more than
    to run it, so what is read often is built once.
    """

    def __init__(
        self, connection: Connection, *, alone: bool = False, crowded: bool = False
    ) -> None:
        """`alone` is whether this was asked for, `crowded` whether others write meanwhile."""
        self.connection = connection
        self.alone = alone
        self._crowded = crowded

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

    def hold(self, statement: Select[Any], **values: Any) -> RowMapping | None:
        """The only row, or None; in a transaction that writes, nobody else changes it until the
        end. Whoever decides by a row what to write holds it."""
        return self.one(self._holding(statement), **values)

    def hold_all(self, statement: Select[Any], **values: Any) -> Sequence[RowMapping]:
        """All rows, held. The statement orders them by id, so that nobody waits in a circle."""
        return self.all(self._holding(statement), **values)

    def hold_next(self, statement: Select[Any], **values: Any) -> RowMapping | None:
        """The only row, or None, held; of those that another one holds none is looked at."""
        return self.one(self._holding(statement, skip=True), **values)

    def _holding(self, statement: Select[Any], skip: bool = False) -> Select[Any]:
        if not self._crowded:
            return statement
        return statement.with_for_update(key_share=True, skip_locked=skip)


class Database(ABC):
    """A database that many threads and processes share."""

    engine: Engine
    readers: int
    """How many threads should read at once where requests are answered."""

    @abstractmethod
    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction that only reads: one consistent view. Raises `DatabaseUnreachable`."""

    @abstractmethod
    def write(self, *, alone: bool = False) -> AbstractContextManager[Transaction]:
        """A transaction that may write. `alone`: of those that ask for it, one at a time.

        Rows are held in one order, so that no two transactions wait for each other: a model, its
        jobs by their ids, its images. Only those that are alone may hold them in another.

        Raises `DatabaseUnreachable`: nothing is written then, or, where only the last answer was
        lost, all.
        """

    @abstractmethod
    def glances(self, statement: Select[Any]) -> Callable[..., Awaitable[Any]]:
        """A function that takes a statement's values and returns the first column of its first row,
        without holding up the event loop that awaits it. It raises `DatabaseUnreachable`."""

    @abstractmethod
    def forget_past(self) -> None:
        """Drop old copies of what was deleted since, as far as the program can."""

    def close(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()
