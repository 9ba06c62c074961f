"""Telling the record how far a job is, and hearing from it that the job is no longer ours."""

import logging
import time
from typing import Self

from likeness import metrics
from likeness.jobs import queue
from likeness.store.database import Database, DatabaseUnreachable
from likeness.traces import add_stage

STARTING = "starting"
"""The stage before the first that is told."""

INTERVAL = 0.5
"""Seconds between two writes; a new stage is written at once."""

log = logging.getLogger(__name__)


class Reporter:
    """Reports the progress of one claim, and counts how long its stages take, the last of them
    until its block ends."""

    def __init__(self, database: Database, claim: queue.Claim) -> None:
        self._database = database
        self._token = claim.token
        self._kind = claim.payload.kind
        self._begun = time.monotonic()
        self._stage = STARTING
        self._told = False
        self._next = 0.0
        self._away = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_stage()

    def __call__(self, stage: str, step: int, steps: int) -> None:
        """Report a step. Raises `ClaimLost` when the job was cancelled or given to another: at
        every step, whether or not it is written. While the database is away, the work goes on."""
        if stage != self._stage:
            self._end_stage()
            self._stage = stage
            self._told = False
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
        if self._told and time.monotonic() < self._next:
            with self._database.read() as transaction:
                queue.fence(transaction, self._token)
            return
        with self._database.write() as transaction:
            queue.report(transaction, self._token, stage, step, steps)
        self._told = True
        self._next = time.monotonic() + INTERVAL

    def _end_stage(self) -> None:
        now = time.monotonic()
        metrics.STAGES.labels(self._kind, self._stage).observe(now - self._begun)
        add_stage(self._stage, now - self._begun)
        self._begun = now
