"""Where a test keeps its data: on one machine, or on many."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.postgres import postgres_database
from tests.support.rooms import House
from tests.support.s3 import s3_server

from likeness.store.database import Database
from likeness.store.postgresql import PostgreSQL
from likeness.store.sqlite import SQLite

DATABASES = ("SQLite", "PostgreSQL")
STORES = ("one machine", "many machines")
"""A data folder with all in it; and one beside PostgreSQL and S3."""


@contextmanager
def open_database(kind: str, folder: Path) -> Generator[Database]:
    """A new database without tables."""
    with ExitStack() as stack:
        if kind == "SQLite":
            database: Database = SQLite(folder / "new.db")
        else:
            database = PostgreSQL(stack.enter_context(postgres_database(migrated=False)))
        stack.callback(database.close)
        yield database


@contextmanager
def open_house(kind: str, folder: Path) -> Generator[House]:
    """A new data folder with one account."""
    with ExitStack() as stack:
        if kind == "one machine":
            house = House.build(folder)
        else:
            url = stack.enter_context(postgres_database())
            house = House.build(folder, database_url=url, blob_url=s3_server().new_folder())
        stack.callback(house.folder.database.close)
        yield house
