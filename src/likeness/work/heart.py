"""The worker's heartbeat: renews its claims, and ends work that is stuck or no longer its own."""

import logging
import math
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy import RowMapping

from likeness.actions.ending import give_up
from likeness.jobs import queue
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.unreachable import Unreachable
from likeness.work.training import Training

log = logging.getLogger(__name__)


class Heart(Thread):
    """Beats every third of a lease, in a thread of its own."""

    def __init__(self, settings: Settings, folder: DataFolder, owner: str) -> None:
        super().__init__(name="heart", daemon=True)
        self._settings = settings
        self._folder = folder
        self._database = folder.database
        self._owner = owner
        self._training: Training | None = None
        self._job: queue.Claim | None = None
        self._orders: set[str] = set()
        self._lost_at: float | None = None
        self._over = Event()

    def watch_training(self, training: Training | None) -> None:
        """Look after this training process, or after none."""
        self._training = training

    def watch_job(self, claim: queue.Claim | None) -> None:
        """Look after this job of pictures, or after none."""
        self._job = claim

    @contextmanager
    def watching_order(self, claim: queue.Claim) -> Generator[None]:
        """Renew the claim of an order, beside others."""
        self._orders.add(claim.token)
        try:
            yield
        finally:
            self._orders.discard(claim.token)

    def run(self) -> None:
        """Beat until it is stopped, or the process ends."""
        while not self._over.wait(self._settings.lease / 3):
            try:
                self._folder.beat(self._owner)
                self._beat()
            except Unreachable as error:
                log.warning("no heartbeat: %s", error)
            except Exception:
                log.exception("a heartbeat failed; the next one follows")

    def stop(self) -> None:
        """Beat no more; returns when the last beat is over."""
        self._over.set()
        self.join()

    def _beat(self) -> None:
        training, job = self._training, self._job
        tokens = [*self._orders]
        tokens += [work.token for work in (training and training.claim, job) if work]
        with self._database.write() as transaction:
            rows, now = queue.beat(transaction, tokens, self._settings.lease), transaction.now
        if training is not None:
            row = rows.get(training.claim.token)
            if row is None:
                training.kill("Its claim has ended.")
            elif reason := self._overdue(row, now, training.had_its_turn_for()):
                training.kill(reason)
        if job is None:
            self._lost_at = None
        else:
            row = rows.get(job.token)
            if row is not None:
                self._lost_at = None
            if reason := self._overdue(row, now) if row else self._lost_for_long():
                self._give_up(job, reason)

    def _overdue(self, row: RowMapping, now: float, turn: float = math.inf) -> str | None:
        settings = self._settings
        deadline = {
            "training": settings.training_deadline,
            "video": settings.video_deadline,
            "video_order": settings.video_deadline,
        }.get(row["kind"], settings.generation_deadline)
        if now - row["started_at"] > deadline:
            return f"It took longer than its deadline of {deadline:g} s."
        if min(now - row["progress_at"], turn) > settings.stall:
            return f"It made no progress for {settings.stall:g} s."
        return None

    def _lost_for_long(self) -> str | None:
        # A job of pictures hears that its claim has ended at its next step, unless it hangs.
        now = time.monotonic()
        self._lost_at = self._lost_at or now
        if now - self._lost_at > self._settings.stall:
            return f"Its claim ended {self._settings.stall:g} s ago and it has not stopped."
        return None

    def _give_up(self, claim: queue.Claim, reason: str) -> None:
        # What hangs in this process can only be ended with it; the supervisor starts another.
        log.critical("job %s: %s The worker ends itself.", claim.job_id, reason)
        try:
            with self._database.write(alone=True) as transaction:
                give_up(transaction, self._owner, claim.token, reason, self._settings.attempts)
        finally:
            os._exit(1)
