"""Opening data of other versions, on both databases."""

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Float, Integer, MetaData, String, Table, insert, select, text

from likeness.accounts import table as _accounts
from likeness.actions import turns as _turns
from likeness.credits import table as _credits
from likeness.images import table as _images
from likeness.jobs import table as _jobs
from likeness.models import table as _models
from likeness.store.database import Database, DatabaseUnreachable
from likeness.store.metadata import metadata
from likeness.store.migration import (
    HEAD,
    SCRIPTS,
    NewerData,
    OlderData,
    bring_up_to_date,
    check_revision,
)
from likeness.store.postgresql import PostgreSQL
from likeness.videos import table as _videos
from likeness.webhooks import table as _webhooks

ROOMS = (_accounts, _credits, _images, _jobs, _models, _turns, _videos, _webhooks)

EARLIER = sorted({script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()})[
    :-1
]
ORDER = (
    "accounts",
    "api_keys",
    "answers",
    "standings",
    "jobs",
    "models",
    "adapters",
    "images",
    "videos",
    "turns",
    "balances",
    "credit_entries",
    "webhooks",
    "messages",
    "deliveries",
    "at_hand",
)
"""Tables, each after those that it points to."""


def move_to(database: Database, revision: str) -> None:
    """Make the tables as an earlier version of the program did."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.write(alone=True) as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, revision)


def fill(database: Database) -> dict[str, dict[str, Any]]:
    """Write one row into each table that there is, whatever columns it has; returns the rows."""
    rows: dict[str, dict[str, Any]] = {}
    with database.write() as transaction:
        there = MetaData()
        there.reflect(transaction.connection)
        for name in filter(there.tables.__contains__, ORDER):
            rows[name] = {column.name: _value(column) for column in there.tables[name].columns}
            transaction.execute(insert(there.tables[name]).values(rows[name]))
    return rows


def _value(column: Any) -> object:
    match column.type:
        case String() if column.foreign_keys or column.primary_key:
            return "1"
        case JSON():
            return {"a": [1, "ä", None]}
        case Integer():
            return 7
        case Float():
            return 1796000000.123456
        case _:
            return f"a {column.name}"


def read(database: Database, name: str) -> dict[str, Any]:
    """The only row of a table, with the columns of today."""
    there: Table = metadata.tables[name]
    with database.read() as transaction:
        row = transaction.one(select(there))
    assert row is not None
    return dict(row)


def differences(database: Database) -> list[Any]:
    """Between the tables that are there and those that the rooms declare."""
    with database.read() as transaction:
        return compare_metadata(MigrationContext.configure(transaction.connection), metadata)


def test_migrations_make_the_tables_that_the_rooms_declare(database: Database) -> None:
    bring_up_to_date(database)
    assert differences(database) == []


def test_every_earlier_version_is_tested() -> None:
    assert len(EARLIER) == int(HEAD) - 1
    assert set(ORDER) == set(metadata.tables)


@pytest.mark.parametrize("revision", EARLIER)
def test_data_of_every_earlier_version_is_kept(database: Database, revision: str) -> None:
    move_to(database, revision)
    before = fill(database)
    bring_up_to_date(database)
    assert differences(database) == []
    for name, row in before.items():
        assert read(database, name).items() >= row.items()
    assert "images" in before


def test_jobs_that_waited_are_counted(database: Database) -> None:
    move_to(database, "0005")
    rows = fill(database)
    with database.write() as transaction:
        there = MetaData()
        there.reflect(transaction.connection)
        number = 1
        for kind, status, priority, count in (
            ("training", "queued", 0, 2),
            ("training", "running", 0, 1),
            ("upscaling", "queued", 0, 1),
            ("generation", "queued", 0, 3),
            ("generation", "queued", 5, 1),
            ("video_order", "queued", 0, 1),
        ):
            for _ in range(count):
                number += 1
                row = {"id": str(number), "kind": kind, "status": status, "priority": priority}
                transaction.execute(insert(there.tables["jobs"]).values({**rows["jobs"], **row}))
    bring_up_to_date(database)
    with database.read() as transaction:
        found = {
            (row["lane"], row["rank"]): (row["at"], row["waiting"])
            for row in transaction.all(select(_jobs.standings))
        }
    assert found == {
        ("trainings:a base", 0): (0.0, 2),
        ("pictures:a base", 0): (0.0, 4),
        ("pictures:a base", -5): (0.0, 1),
        ("orders", 0): (0.0, 1),
    }


def test_jobs_wait_for_the_base_that_all_workers_had(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_BASE", "z-image")
    move_to(database, "0012")
    with database.write() as transaction:
        there = MetaData()
        there.reflect(transaction.connection)
        tables = there.tables
        rows = {
            name: {column.name: _value(column) for column in tables[name].columns}
            for name in ("accounts", "standings", "jobs")
        }
        transaction.execute(insert(tables["accounts"]).values(rows["accounts"]))
        standing = {**rows["standings"], "lane": "pictures"}
        transaction.execute(insert(tables["standings"]).values(standing))
        for number, (lane, status) in enumerate(
            (("pictures", "queued"), ("orders", "queued"), ("trainings", "running"))
        ):
            job = {**rows["jobs"], "id": str(number), "lane": lane, "status": status}
            transaction.execute(insert(tables["jobs"]).values(job))
    bring_up_to_date(database)
    with database.read() as transaction:
        found = transaction.all(select(_jobs.jobs.c.lane).order_by(_jobs.jobs.c.id))
        assert [row["lane"] for row in found] == [
            "pictures:z-image",
            "orders",
            "trainings:z-image",
        ]
        assert transaction.scalar(select(_jobs.standings.c.lane)) == "pictures:z-image"


def test_head_is_the_newest_script() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == HEAD


def test_a_second_opening_changes_nothing(database: Database) -> None:
    bring_up_to_date(database)
    bring_up_to_date(database)
    check_revision(database)
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_newer_data_is_refused_with_a_sentence(database: Database) -> None:
    bring_up_to_date(database)
    with database.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for opening in (bring_up_to_date, check_revision):
        with pytest.raises(NewerData, match=r"newer Likeness.*9999"):
            opening(database)


def test_older_data_is_refused_where_others_may_use_it(database: Database) -> None:
    with pytest.raises(OlderData, match="likeness migrate"):
        check_revision(database)
    move_to(database, EARLIER[-1])
    with pytest.raises(OlderData, match=EARLIER[-1]):
        check_revision(database)


def test_a_database_out_of_reach_is_told_without_its_password() -> None:
    database = PostgreSQL("postgresql://somebody:hidden@127.0.0.1:9/likeness")
    for opening in (bring_up_to_date, check_revision):
        with pytest.raises(DatabaseUnreachable, match="LIKENESS_DATABASE_URL") as caught:
            opening(database)
        assert "hidden" not in str(caught.value)
