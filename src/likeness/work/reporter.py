"""Telling the record how far a job is, and hearing from it that the job is no longer ours."""

import logging
import time

from likeness.jobs import queue
from likeness.store.database import Database, DatabaseUnreachable

INTERVAL = 0.5
"""Seconds between two writes; a new stage is written at once."""

log = logging.getLogger(__name__)


class Reporter:
    """Reports the progress of one claim."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token
        self._stage = ""
        self._next = 0.0
        self._away = False

    def __call__(self, stage: str, step: int, steps: int) -> None:
        """Report a step. Raises `ClaimLost` when the job was cancelled or given to another: at
        every step, whether or not it is written. While the database is away, the work goes on."""
        if self._away and time.monotonic() < self._next:
            return
        try:
            self._report(stage, step, steps)
            self._away = False
        except DatabaseUnreachable as error:
            if not self._away:
                log.warning("progress is not written: %s", error)
            self._away = True
            self._next = time.monotonic() + INTERVAL

    def _report(self, stage: str, step: int, steps: int) -> None:
        if stage == self._stage and time.monotonic() < self._next:
            with self._database.read() as transaction:
                queue.fence(transaction, self._token)
            return
        with self._database.write() as transaction:
            queue.report(transaction, self._token, stage, step, steps)
        self._stage = stage
        self._next = time.monotonic() + INTERVAL
