"""Opening data folders of other versions."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from likeness.accounts import table as _accounts
from likeness.images import table as _images
from likeness.jobs import table as _jobs
from likeness.models import table as _models
from likeness.store.database import Database
from likeness.store.metadata import metadata
from likeness.store.migration import HEAD, SCRIPTS, NewerData, bring_up_to_date
from likeness.videos import table as _videos

ROOMS = (_accounts, _images, _jobs, _models, _videos)


def test_migrations_make_the_tables_that_the_rooms_declare(tmp_path: Path) -> None:
    database = Database(tmp_path / "new.db")
    bring_up_to_date(database)
    with database.read() as transaction:
        context = MigrationContext.configure(transaction.connection)
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_script() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == HEAD


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "new.db")
    bring_up_to_date(database)
    bring_up_to_date(database)
    with database.read() as transaction:
        assert transaction.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_newer_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    database = Database(tmp_path / "newer.db")
    bring_up_to_date(database)
    with database.write() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerData, match=r"newer Likeness.*9999"):
        bring_up_to_date(database)
