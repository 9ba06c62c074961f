"""Telling the record how far a job is, and hearing from it that the job is no longer ours."""

import time
from collections.abc import Callable

from likeness.jobs import queue
from likeness.store.database import Database

INTERVAL = 0.5
"""Seconds between two writes; a new stage is written at once."""


class Reporter:
    """Reports the progress of one claim.

    `check` is called before each report and may raise, to stop the work.
    """

    def __init__(self, database: Database, token: str, check: Callable[[], None]) -> None:
        self._database = database
        self._token = token
        self._check = check
        self._stage = ""
        self._next = 0.0

    def __call__(self, stage: str, step: int, steps: int) -> None:
        """Report a step. Raises `ClaimLost` when the job was cancelled or given to another."""
        self._check()
        if stage == self._stage and time.monotonic() < self._next:
            return
        with self._database.write() as transaction:
            queue.report(transaction, self._token, stage, step, steps)
        self._stage = stage
        self._next = time.monotonic() + INTERVAL
