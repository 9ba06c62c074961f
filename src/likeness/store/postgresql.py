"""PostgreSQL: the database of many machines."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

from anyio import CapacityLimiter, to_thread
from pydantic_core import from_json
from sqlalchemy import Engine, Select, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from likeness.store.database import Database, DatabaseUnreachable, Transaction

READERS = 10
"""How many threads read at once where requests are answered, each over a connection of its own:
what they wait for is the network. More would wait for each other in Python."""

WRITERS = 10
"""Connections of those that write, which may stand still for what another transaction holds: reads
have theirs. With both, a process takes 20 at most; PostgreSQL itself takes 100, unless told."""

PATIENCE = 30
"""Seconds that a statement waits for what another transaction holds, and that a transaction may
stand still before it is broken off: a frozen process must not hold up all others."""

_CONNECT = {"connect_timeout": 10, "tcp_user_timeout": 1000 * PATIENCE}
"""Limits of the connection itself, for the case that the other machine is gone (s, ms)."""

_ALONE = text("SELECT pg_advisory_xact_lock(7811039)")
"""The number is the same in every version of this program, and otherwise any."""


class PostgreSQL(Database):
    """PostgreSQL, where writers work side by side: those that decide by what they read hold it.

    A commit is kept as the server's `synchronous_commit` says, which is through a power cut unless
    changed. What is deleted stays in the server's files until it reuses their space.
    """

    readers = READERS

    def __init__(self, url: str) -> None:
        self.engine = _engine(url, WRITERS)
        self._read_engine = _engine(url, READERS)
        self._reading = self._read_engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._glancing = self._read_engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writing = self.engine.execution_options(isolation_level="READ COMMITTED")

    @contextmanager
    def read(self) -> Generator[Transaction]:
        """A transaction that only reads: one consistent view. Raises `DatabaseUnreachable`."""
        with _reached(), self._reading.begin() as connection:
            yield Transaction(connection)

    @contextmanager
    def write(self, *, alone: bool = False) -> Generator[Transaction]:
        """A transaction that may write, beside others. `alone`: of those that ask for it, one at a
        time on all machines. Raises `DatabaseUnreachable`."""
        with _reached(), self._writing.begin() as connection:
            if alone:
                connection.execute(_ALONE)
            yield Transaction(connection, alone=alone, crowded=True)

    def glances(self, statement: Select[Any]) -> Callable[..., Awaitable[Any]]:
        """A function that takes a statement's values and returns the first column of its first row.

        Each look is a thread's, since the server is asked over the network. No writer has one of
        these threads. It raises `DatabaseUnreachable`.
        """
        threads = CapacityLimiter(READERS)
        names = tuple(statement.compile(self.engine).params)

        def look(*values: Any) -> Any:
            with _reached(), self._glancing.connect() as connection:
                return connection.execute(statement, dict(zip(names, values, strict=True))).scalar()

        async def glance(*values: Any) -> Any:
            return await to_thread.run_sync(look, *values, limiter=threads)

        return glance

    def forget_past(self) -> None:
        """Nothing: the server's files and logs are its own."""

    def close(self) -> None:
        """Close all idle connections."""
        super().close()
        self._read_engine.dispose()


@contextmanager
def _reached() -> Generator[None]:
    """A server that is stopping, starting, out of connections or too slow has not been reached."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        lost = isinstance(error, OperationalError | PoolTimeout) or error.connection_invalidated
        if not lost:
            raise
        said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
        raise DatabaseUnreachable(f"{DatabaseUnreachable.__doc__} ({said})") from error


def _engine(url: str, connections: int) -> Engine:
    address = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        json_deserializer=from_json,
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,
        pool_pre_ping=True,  # connections do not outlive a restart of the server
        connect_args={k: v for k, v in _CONNECT.items() if k not in address.query},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{PATIENCE}s'")
        cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.commit()
