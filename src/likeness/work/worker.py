"""The worker: claims jobs and runs them, one of pictures at a time, one training beside it, and
what providers are waited for in threads of their own.

Its argument is the name of the owner of its claims; the settings are in the environment.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PIL import Image

from likeness import metrics
from likeness.actions.claiming import claim_alike, claim_next
from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload, Kind, Payload
from likeness.logs import start_logging
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.unreachable import Unreachable
from likeness.traces import start_tracing
from likeness.work.attempt import attempting
from likeness.work.batch import Attempt, OnStep, make_together
from likeness.work.endings import DONE, LOST, count, fail_attempt, postpone_attempt, retry_attempt
from likeness.work.engines import Engines
from likeness.work.generation import drawn_alike, run_generation
from likeness.work.heart import Heart
from likeness.work.lifeline import DRAIN, listen_to_parent
from likeness.work.orders import Orders
from likeness.work.reporter import Reporter
from likeness.work.source import SourceError
from likeness.work.training import AWAY, Training
from likeness.work.upscaling import run_upscaling
from likeness.work.videos import run_video

if TYPE_CHECKING:
    from likeness.engine.sampling import SampleRequest

log = logging.getLogger(__name__)

NICENESS = 5
"""Workers step back for the API on a machine that they share."""

PICTURES: tuple[Kind, ...] = ("generation", "upscaling", "video")
"""Kinds of jobs that are done in this process; a training has a process of its own."""

AT_HAND = 8
"""Models whose adapters are likely to be in the base still: as many as there is room for."""

LOOKS = 2
"""In so many looks at the queue, a worker that has nothing to do would have taken a job."""

PAUSE = 5.0
"""Seconds until a worker looks again for what could not be reached."""

TRAINING_SHARE = 0.5
"""Seconds that a training gets for each second in which it stood still for pictures."""


class Worker:
    """Runs jobs until its process is killed, which is how it is stopped: it leaves nothing that
    whoever looks after it could not hand back. Where there is time, it may finish before."""

    def __init__(self, settings: Settings, owner: str, draining: Event) -> None:
        """When `draining` is set, it takes no more jobs."""
        self.settings = settings
        self.owner = owner
        self.folder = DataFolder.of(settings)
        self.engines = Engines(settings)
        self._at_hand: deque[str] = deque(maxlen=AT_HAND)
        self._may_preload = True
        self._training: Training | None = None
        self._training_turn_ends = 0.0
        self._heart = Heart(settings, self.folder, owner)
        self._draining = draining
        self._orders = Orders(settings, self.folder, owner, self._heart, draining)

    def run(self) -> None:
        """Work, until there is nothing under way and no more is to be taken."""
        self._heart.start()
        self._orders.start()
        while not self._is_done():
            try:
                if not self._take_turn():
                    time.sleep(self.settings.poll)
            except Unreachable as error:
                log.warning("the worker waits: %s", error)
                time.sleep(PAUSE)
        self._heart.stop()

    def _is_done(self) -> bool:
        return self._draining.is_set() and self._training is None and self._orders.is_done

    def _take_turn(self) -> bool:
        """Do the next thing; False when there is nothing to do. Raises `Unreachable`."""
        self._look_after_training()
        if self._training is None and (claim := self._claim(("training",))):
            log.info("job %s: training starts", claim.job_id)
            self._training = Training(self.settings, self.folder, claim)
            self._heart.watch_training(self._training)
            return True
        if time.monotonic() < self._training_turn_ends:
            return False
        if claim := self._claim(PICTURES):
            self._make(claim)
            return True
        if self._may_preload and not self._draining.is_set():
            # Before the first picture is asked for, but after a waiting training could start.
            self._may_preload = False
            self.engines.preload()
            return True
        return False

    def _claim(self, kinds: tuple[Kind, ...]) -> queue.Claim | None:
        if self._draining.is_set():
            return None
        settings = self.settings
        offer = self._offer(kinds)
        return claim_next(self.folder.database, offer, settings.lease, settings.attempts)

    def _offer(self, kinds: tuple[Kind, ...]) -> queue.Offer:
        return queue.Offer(self.owner, kinds, self.engines.base.manifest.name, self._at_hand)

    def _claim_alike(self, claim: queue.Claim) -> list[queue.Claim]:
        """What can be drawn at once with a job that was claimed; one that failed once is drawn
        alone."""
        payload, found = claim.payload, [claim]
        if not isinstance(payload, GenerationPayload) or claim.attempt > 1:
            return found
        room = self.settings.batch - payload.num_images
        waited = LOOKS * self.settings.poll
        manifest = self.engines.base.manifest

        def fits(other: Payload) -> bool:
            return (
                isinstance(other, GenerationPayload)
                and other.num_images <= room
                and drawn_alike(payload, other, manifest)
            )

        try:
            while room > 0 and not self._draining.is_set():
                database, offer = self.folder.database, self._offer(("generation",))
                more = claim_alike(database, offer, self.settings.lease, waited, fits)
                if more is None:
                    break
                assert isinstance(more.payload, GenerationPayload)
                room -= more.payload.num_images
                found.append(more)
        except Unreachable as error:
            log.warning("no more jobs are claimed: %s", error)
        return found

    def _make(self, claim: queue.Claim) -> None:
        claims = self._claim_alike(claim)
        self._heart.watch_jobs(claims)
        try:
            with self._training_paused():
                make_together([self._attempt(one) for one in claims], self._draw)
        finally:
            self.engines.note_memory()

    def _draw(
        self, request: "SampleRequest", adapter: Path | None, on_step: OnStep
    ) -> list[Image.Image]:
        return self.engines.sampler().sample(request, adapter, on_step)

    def _attempt(self, claim: queue.Claim) -> Attempt:
        try:
            with attempting(claim):
                yield from self._try(claim)
        finally:
            self._heart.leave_job(claim)

    def _try(self, claim: queue.Claim) -> Attempt:
        from likeness.engine.errors import EngineError

        kind = claim.payload.kind
        log.info("job %s: %s starts", claim.job_id, kind)
        started = time.monotonic()
        try:
            with Reporter(self.folder.database, claim) as report:
                yield from self._run(claim, report)
            log.info("job %s: done in %.1f s", claim.job_id, time.monotonic() - started)
            count(claim, DONE)
        except queue.ClaimLost:
            log.info("job %s: cancelled, or given to another worker", claim.job_id)
            count(claim, LOST)
        except Unreachable as error:
            postpone_attempt(self.folder.database, claim, error)
            raise
        except SourceError as error:
            log.info("job %s: %s", claim.job_id, error)
            self._fail(claim, str(error))
        except EngineError as error:
            log.exception("job %s: cannot be done", claim.job_id)
            self._fail(claim, str(error))
        except Exception:
            log.exception("job %s: an attempt failed", claim.job_id)
            self._retry(claim, f"The server could not finish the {kind}; its log says why.")

    def _run(self, claim: queue.Claim, report: Reporter) -> Attempt:
        match claim.payload.kind:
            case "upscaling":
                run_upscaling(self.folder, self.engines.upscaler(), claim, report)
            case "video":
                run_video(self.folder, self.settings, self.engines.clips(), claim, report)
            case _:
                sampler, upscaler = self.engines.sampler(), self.engines.upscaler()
                yield from run_generation(
                    self.folder, self.settings, sampler, upscaler, claim, report
                )
                if claim.model_id in self._at_hand:
                    self._at_hand.remove(claim.model_id)
                self._at_hand.append(claim.model_id)

    @contextmanager
    def _training_paused(self) -> Generator[None]:
        """Two programs that both want all cores slow each other down many times over."""
        training = self._training
        if training is None or not self.engines.are_on_cpu():
            yield
            return
        started = time.monotonic()
        training.pause()
        try:
            yield
        finally:
            training.resume()
            now = time.monotonic()
            self._training_turn_ends = now + TRAINING_SHARE * (now - started)

    def _look_after_training(self) -> None:
        training = self._training
        if training is None or (code := training.exit_code()) is None:
            return
        self._training = None
        self._training_turn_ends = 0.0
        self._heart.watch_training(None)
        training.close()
        if code == AWAY:
            away = Unreachable(Unreachable.__doc__)
            postpone_attempt(self.folder.database, training.claim, away)
            raise away
        if code == 0:
            count(training.claim, DONE)
        reason = training.killed_for or f"The training process ended with exit code {code}."
        # A training that finished or failed by itself has no claim any more.
        self._retry(training.claim, reason)

    def _retry(self, claim: queue.Claim, reason: str) -> None:
        retry_attempt(self.folder.database, claim, reason, self.settings.attempts)

    def _fail(self, claim: queue.Claim, error: str) -> None:
        fail_attempt(self.folder.database, claim, error)


def main(owner: str) -> None:
    """Work under this name."""
    draining = Event()
    orders = {DRAIN: draining.set}
    listen_to_parent(lambda order: orders[order]())
    settings = Settings.read()
    start_logging(settings.log)
    start_tracing()
    os.nice(NICENESS)
    worker = Worker(settings, owner, draining)
    metrics.keep_in(worker.folder.metrics, "worker")
    worker.run()
