"""Bringing a database's schema up to date."""

from pathlib import Path

from sqlalchemy import inspect, text

from likeness.store.database import Database

HEAD = "0005"
SCRIPTS = Path(__file__).parent / "migrations"


class NewerData(Exception):
    """The folder was written by a newer Likeness. Install that version, or use another folder."""


def bring_up_to_date(database: Database) -> None:
    """Run the migrations that this database still lacks.

    Raises `NewerData` when the database knows a revision that this program does not.
    """
    current = _current_revision(database)
    if current == HEAD:
        return
    # Alembic takes a third of a second to import, and most starts do not need it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise NewerData(f"{NewerData.__doc__} (Its revision is {current!r}.)")
    with database.write() as transaction:
        config.attributes["connection"] = transaction.connection
        command.upgrade(config, "head")


def _current_revision(database: Database) -> str | None:
    with database.read() as transaction:
        if not inspect(transaction.connection).has_table("alembic_version"):
            return None
        return transaction.scalar(text("SELECT version_num FROM alembic_version"))
