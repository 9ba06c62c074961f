"""Jobs that providers do: each waits in a thread of its own, and computes next to nothing."""

import logging
import os
import time
from threading import BoundedSemaphore, Event, Thread

from likeness.actions.claiming import claim_next
from likeness.jobs import queue
from likeness.jobs.payloads import Kind
from likeness.providers.errors import ProviderError
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.unreachable import Unreachable
from likeness.work.attempt import attempting
from likeness.work.endings import DONE, LOST, count, fail_attempt, postpone_attempt, retry_attempt
from likeness.work.heart import Heart
from likeness.work.picture_order import run_picture_order
from likeness.work.reporter import Reporter
from likeness.work.source import SourceError
from likeness.work.video_order import run_video_order
from likeness.work.waiting import TookTooLong

log = logging.getLogger(__name__)

RUNS = {"picture_order": run_picture_order, "video_order": run_video_order}
ORDERS: tuple[Kind, ...] = ("picture_order", "video_order")
"""Kinds of jobs that providers do."""

AT_ONCE = 4

PAUSE = 5.0
"""Seconds until orders look again whether the database is back."""


class Orders(Thread):
    """Claims orders and waits for them, a few at once, beside all other work of the process.

    The heart renews their claims with all others. What is not foreseen ends the process, and the
    supervisor hands its claims back.
    """

    def __init__(
        self, settings: Settings, folder: DataFolder, owner: str, heart: Heart, draining: Event
    ) -> None:
        super().__init__(name="orders", daemon=True)
        self._settings = settings
        self._folder = folder
        self._owner = owner
        self._heart = heart
        self._draining = draining
        self._under_way: list[Thread] = []
        self._free = BoundedSemaphore(AT_ONCE)

    def run(self) -> None:
        """Take orders until the process ends, or is to take no more; none without a provider's
        key."""
        if not self._settings.provider_keys:
            return
        try:
            while not self._draining.is_set():
                self._free.acquire()
                if claim := self._next():
                    self._begin(claim)
        except BaseException:
            _end_process()

    @property
    def is_done(self) -> bool:
        """Whether none is under way, and none will be."""
        return not self.is_alive() and not any(one.is_alive() for one in self._under_way)

    def _next(self) -> queue.Claim | None:
        while not self._draining.is_set():
            if claim := self._claim():
                return claim
            self._draining.wait(self._settings.poll)
        return None

    def _begin(self, claim: queue.Claim) -> None:
        order = Thread(target=self._carry_out, args=(claim,), name="order", daemon=True)
        self._under_way = [*(one for one in self._under_way if one.is_alive()), order]
        order.start()

    def _claim(self) -> queue.Claim | None:
        settings = self._settings
        try:
            offer = queue.Offer(self._owner, ORDERS, base="")
            return claim_next(self._folder.database, offer, settings.lease, settings.attempts)
        except Unreachable as error:
            log.warning("orders wait: %s", error)
            time.sleep(PAUSE)
            return None

    def _carry_out(self, claim: queue.Claim) -> None:
        try:
            with self._heart.watching_order(claim), attempting(claim):
                self._attempt(claim)
        except Unreachable as error:
            log.warning("job %s: its claim is left to end: %s", claim.job_id, error)
        except BaseException:
            _end_process()
        self._free.release()

    def _attempt(self, claim: queue.Claim) -> None:
        database, attempts = self._folder.database, self._settings.attempts
        started = time.monotonic()
        log.info("job %s: a provider is asked", claim.job_id)
        try:
            with Reporter(database, claim) as report:
                RUNS[claim.payload.kind](self._folder, self._settings, claim, report)
            log.info("job %s: done in %.1f s", claim.job_id, time.monotonic() - started)
            count(claim, DONE)
        except queue.ClaimLost:
            log.info("job %s: cancelled, or given to another worker", claim.job_id)
            count(claim, LOST)
        except SourceError as error:
            log.info("job %s: %s", claim.job_id, error)
            fail_attempt(database, claim, str(error))
        except ProviderError as error:
            # What a provider says may name the operator's account: it is for this log alone.
            log.error("job %s: %s (%s)", claim.job_id, error, error.detail)
            if error.final:
                fail_attempt(database, claim, str(error))
            else:
                retry_attempt(database, claim, str(error), attempts)
        except Unreachable as error:
            postpone_attempt(database, claim, error)
        except TookTooLong as error:
            retry_attempt(database, claim, str(error), attempts)
        except Exception:
            log.exception("job %s: an attempt failed", claim.job_id)
            reason = "The server could not finish it; its log says why."
            retry_attempt(database, claim, reason, attempts)


def _end_process() -> None:
    log.critical("an order could not be looked after; the worker ends itself", exc_info=True)
    os._exit(1)
