"""The supervisor: keeps a worker process alive and does the upkeep, within `likeness serve`."""

import logging
import subprocess
import time
from contextlib import suppress
from threading import Event, Thread

from likeness.actions.ending import hand_back_all, release
from likeness.actions.upkeep import run_round
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.ids import new_id
from likeness.store.unreachable import Unreachable
from likeness.work.lifeline import DRAIN, give_order, start_child

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before a worker that ended is started again; doubled at each early end."""

LONG_LIFE = 30.0
"""Seconds after which an end no longer counts as early."""


def workers_of(folder: DataFolder) -> str:
    """How the names of all workers of a folder begin, and of no others: so a restart can end the
    claims of the dead."""
    return f"embedded/{folder.name}/"


class Supervisor:
    """One worker process, restarted whenever it ends, and the upkeep beside it; or upkeep alone."""

    def __init__(self, settings: Settings, folder: DataFolder, *, worker: bool) -> None:
        self._settings = settings
        self._folder = folder
        self._stop = Event()
        self._workers = workers_of(folder)
        self._worker: tuple[str, subprocess.Popen[bytes]] | None = None
        # The kernel ties a worker's life to the thread that started it: this one lives on.
        self._threads = [Thread(target=self._run_upkeep, name="upkeep", daemon=True)]
        if worker:
            self._threads.append(Thread(target=self._run_workers, name="supervisor", daemon=True))

    def start(self) -> None:
        """End the claims of workers of an earlier life, and start."""
        with self._folder.database.write(alone=True) as transaction:
            release(transaction, self._workers, self._settings.attempts)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the worker finish, hand back what it could not, and wait for that."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run_workers(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                self._run_worker(self._workers + new_id())
            except Unreachable as error:
                log.warning("the claims of the last worker are left to end: %s", error)
            except Exception:
                # Without this thread there would be no worker until the next start.
                log.exception("looking after the worker failed; it goes on")
            long_life = time.monotonic() - started > LONG_LIFE
            pause = FIRST_PAUSE if long_life else min(2 * pause, LONGEST_PAUSE)
            self._stop.wait(pause)

    def _run_worker(self, owner: str) -> None:
        process = start_child("likeness.work.worker", owner, self._settings.environment())
        self._worker = owner, process
        try:
            while process.poll() is None:
                if self._stop.wait(0.05):
                    give_order(process, DRAIN)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(self._settings.grace)
                    # Its pictures begin anew, its training goes on from the last checkpoint.
                    process.kill()
                    process.wait()
        finally:
            self._worker = None
            if process.stdin is not None:
                process.stdin.close()
            self._folder.clear_places()
            self._folder.clear_sign(owner)
        with self._folder.database.write(alone=True) as transaction:
            if self._stop.is_set():
                hand_back_all(transaction, owner)
            else:
                release(transaction, owner, self._settings.attempts)
                log.error("the worker ended with exit code %s; another starts", process.returncode)

    def _kill_frozen(self) -> None:
        # Its claims may have been ended by any server: the record does not tell whose worker hangs.
        worker = self._worker
        if worker is not None and self._folder.silence(worker[0]) > self._settings.lease:
            log.error("the worker stopped answering; it is killed")
            worker[1].kill()

    def _run_upkeep(self) -> None:
        settings = self._settings
        next_clearing = 0.0
        while not self._stop.wait(settings.sweep):
            try:
                self._kill_frozen()
                run_round(self._folder, settings)
                if time.monotonic() > next_clearing:
                    self._folder.remove_copies(settings.generation_deadline)
                    next_clearing = time.monotonic() + settings.generation_deadline / 6
            except Unreachable as error:
                log.warning("upkeep waits: %s", error)
            except Exception:
                log.exception("a round of upkeep failed; the next one follows")
