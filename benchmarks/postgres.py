"""The PostgreSQL under measurement: as durable as a real one, and what it has used."""

import time
from contextlib import suppress

import psutil
from sqlalchemy import create_engine, text
from tests.support.postgres import NAMED

from likeness.store.database import Database


def set_durable(database: Database, fsync: str = "on") -> str:
    """Let the server of the tests, which keeps nothing through a power cut, write like any other;
    returns in words how it writes, or the one that TEST_DATABASE_URL names, which stays as it is.
    """
    engine = create_engine(database.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not NAMED:
            connection.execute(text(f"ALTER SYSTEM SET fsync = {fsync}"))
            connection.execute(text("SELECT pg_reload_conf()"))
            while connection.execute(text("SHOW fsync")).scalar_one() != fsync:
                time.sleep(0.01)
        shown = {
            name: connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        }
    engine.dispose()
    return "PostgreSQL: " + ", ".join(f"{name} {value}" for name, value in shown.items())


class Meter:
    """Seconds of processor time that the server's processes have used, all together.

    Nothing but 0 where the server is on another machine.
    """

    def __init__(self, database: Database) -> None:
        self._server: psutil.Process | None = None
        with database.read() as transaction, suppress(psutil.Error):
            backend = transaction.scalar(text("SELECT pg_backend_pid()"))
            if "postgres" in psutil.Process(backend).name():
                self._server = psutil.Process(backend).parent()

    def seconds(self) -> float:
        """So far, of processes that have ended too."""
        if self._server is None:
            return 0.0
        times = self._server.cpu_times()
        whole = times.user + times.system + times.children_user + times.children_system
        for process in self._server.children():
            with suppress(psutil.Error):
                one = process.cpu_times()
                whole += one.user + one.system
        return whole
