"""The supervisor: keeps a worker process alive and does the upkeep, within `likeness serve`."""

import logging
import subprocess
import time
from threading import Event, Thread

from likeness.actions.ending import release
from likeness.actions.upkeep import run_round, sweep
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.ids import new_id
from likeness.work.lifeline import start_child

log = logging.getLogger(__name__)

OWNER = "embedded/"
"""All embedded workers are named below this, so that a restart can end the claims of the dead."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before a worker that ended is started again; doubled at each early end."""

LONG_LIFE = 30.0
"""Seconds after which an end no longer counts as early."""

GRACE = 10.0
"""Seconds that a worker has to hand its work back when the server stops."""


class Supervisor:
    """One worker process, restarted whenever it ends, and the upkeep beside it."""

    def __init__(self, settings: Settings, folder: DataFolder) -> None:
        self._settings = settings
        self._folder = folder
        self._stop = Event()
        # The kernel ties a worker's life to the thread that started it: this one lives on.
        self._threads = [
            Thread(target=self._run_workers, name="supervisor", daemon=True),
            Thread(target=self._run_upkeep, name="upkeep", daemon=True),
        ]

    def start(self) -> None:
        """End the claims of workers of an earlier life, and start."""
        with self._folder.database.write() as transaction:
            release(transaction, OWNER, self._settings.attempts)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop the worker, which hands its work back, and wait for it."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run_workers(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            owner, started = OWNER + new_id(), time.monotonic()
            process = start_child("likeness.work.worker", [owner], self._settings.environment())
            self._wait(process)
            with self._folder.database.write() as transaction:
                release(transaction, owner, self._settings.attempts)
            if self._stop.is_set():
                return
            log.error("the worker ended with exit code %s; another one starts", process.returncode)
            long_life = time.monotonic() - started > LONG_LIFE
            pause = FIRST_PAUSE if long_life else min(2 * pause, LONGEST_PAUSE)
            self._stop.wait(pause)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            if self._stop.wait(0.05):
                process.terminate()
                try:
                    process.wait(GRACE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _run_upkeep(self) -> None:
        settings = self._settings
        next_sweep = 0.0
        while not self._stop.wait(settings.sweep):
            try:
                run_round(self._folder, settings)
                if time.monotonic() > next_sweep:
                    sweep(self._folder, settings.orphan_age)
                    next_sweep = time.monotonic() + settings.orphan_age / 6
            except Exception:
                log.exception("a round of upkeep failed; the next one follows")
