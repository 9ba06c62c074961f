"""The worker's heartbeat: renews its claims, and ends work that is stuck or no longer its own."""

import logging
import math
import os
import time
from collections.abc import Generator, Sequence
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
        self._jobs: Sequence[queue.Claim] = ()
        self._orders: set[str] = set()
        self._turned_at = 0.0
        self._lost_at: dict[str, float] = {}
        self._over = Event()

    def watch_training(self, training: Training | None) -> None:
        """Look after this training process, or after none."""
        self._training = training

    def watch_jobs(self, claims: Sequence[queue.Claim]) -> None:
        """Look after these jobs of pictures, which are done together, and no others."""
        self._jobs = claims
        self._turned_at = time.monotonic()

    def leave_job(self, claim: queue.Claim) -> None:
        """Look after this one of them no more: another one goes on."""
        self.watch_jobs([job for job in self._jobs if job is not claim])

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
        training, jobs = self._training, self._jobs
        tokens = [*self._orders, *(job.token for job in jobs)]
        if training is not None:
            tokens.append(training.claim.token)
        with self._database.write() as transaction:
            rows, now = queue.beat(transaction, tokens, self._settings.lease), transaction.now
        if training is not None:
            row = rows.get(training.claim.token)
            if row is None:
                training.kill("Its claim has ended.")
            elif reason := self._overdue(row, now, training.had_its_turn_for()):
                training.kill(reason)
        self._lost_at = {
            job.token: self._lost_at.get(job.token, time.monotonic())
            for job in jobs
            if job.token not in rows
        }
        # Of jobs that are done together, one goes on while the others wait.
        idle = [now - rows[job.token]["progress_at"] for job in jobs if job.token in rows]
        turn = min(time.monotonic() - self._turned_at, *idle, math.inf)
        for job in jobs:
            row = rows.get(job.token)
            if reason := self._overdue(row, now, turn) if row else self._lost_for_long(job):
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

    def _lost_for_long(self, job: queue.Claim) -> str | None:
        # A job of pictures hears that its claim has ended at its next step, unless it hangs.
        if time.monotonic() - self._lost_at[job.token] > self._settings.stall:
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
