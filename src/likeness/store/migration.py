"""Bringing a database's schema up to date."""

from pathlib import Path

from sqlalchemy import inspect, text

from likeness.store.database import Database

HEAD = "0013"
SCRIPTS = Path(__file__).parent / "migrations"


class NewerData(Exception):
    """The data was written by a newer Likeness. Install that version, or use other data."""


class OlderData(Exception):
    """The database has no tables yet, or those of an older Likeness. Run `likeness migrate`."""


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that this database still lacks.

    Raises `NewerData` when the database knows a revision that this program does not, and
    `DatabaseUnreachable`.
    """
    current = _current_revision(database)
    if current == HEAD:
        return
    # Alembic takes a third of a second to import, and most starts do not need it.
    from alembic import command
    from alembic.config import Config

    _refuse_newer(current)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with database.write(alone=True) as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "head")


def check_revision(database: Database) -> None:
    """Raises `NewerData` or `OlderData` when the schema is not the one of this program, and
    `DatabaseUnreachable`."""
    current = _current_revision(database)
    if current != HEAD:
        _refuse_newer(current)
        raise OlderData(f"{OlderData.__doc__} (Its revision is {current!r}.)")


def _refuse_newer(current: str | None) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if current is not None and current not in known:
        raise NewerData(f"{NewerData.__doc__} (Its revision is {current!r}.)")


def _current_revision(database: Database) -> str | None:
    with database.read() as transaction:
        if not inspect(transaction.connection).has_table("alembic_version"):
            return None
        return transaction.scalar(text("SELECT version_num FROM alembic_version"))
