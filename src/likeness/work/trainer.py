"""The training process: one training, then the end. Started by a worker, killed to cancel.

Its argument is the token of its claim; the settings are in the environment.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from likeness import metrics
from likeness.actions.ending import fail
from likeness.actions.training import finish_training
from likeness.bases import find_base
from likeness.bases.prompt import Identity
from likeness.images.service import photos_of_model
from likeness.jobs import queue
from likeness.jobs.payloads import TrainingPayload
from likeness.logs import start_logging
from likeness.models.blob_keys import adapter_key, checkpoint_key
from likeness.settings import Settings
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.store.unreachable import Unreachable
from likeness.traces import start_tracing
from likeness.work.attempt import attempting
from likeness.work.commit import commit
from likeness.work.lifeline import listen_to_parent
from likeness.work.reporter import Reporter
from likeness.work.training import AWAY, PAUSE, RESUME

log = logging.getLogger(__name__)


def main(token: str) -> None:
    """Run the training of the claim with this token."""
    may_run = Event()
    may_run.set()
    orders = {PAUSE: may_run.clear, RESUME: may_run.set}
    listen_to_parent(lambda order: orders[order]())
    settings = Settings.read()
    start_logging(settings.log)
    start_tracing()
    folder = DataFolder.of(settings)
    metrics.keep_in(folder.metrics, "trainer")
    try:
        run_training(folder, settings, token, may_run)
    except queue.ClaimLost:
        log.info("the training was cancelled or given to another worker")
    except Unreachable as error:
        log.warning("the training stops: %s", error)
        sys.exit(AWAY)


def run_training(folder: DataFolder, settings: Settings, token: str, may_run: Event) -> None:
    """Train the model of a claim, store its adapter and finish the job.

    It stands still between two steps while `may_run` is not set. It goes on from the claim's
    checkpoint, unless that belongs to another base, as after an update: then it begins anew. A
    photo or base that cannot be used fails the job at once; any other trouble is left to the
    caller, who tries again. Raises `ClaimLost`.
    """
    with folder.database.read() as transaction:
        claim = queue.read_claim(transaction, token)
        photos = photos_of_model(transaction, claim.model_id)
    keys = [row["blob_key"] for row in photos]
    with attempting(claim), Reporter(folder.database, claim) as reporter:
        _train(folder, settings, claim, keys, reporter, may_run)


def _train(
    folder: DataFolder,
    settings: Settings,
    claim: queue.Claim,
    photos: Sequence[str],
    reporter: Reporter,
    may_run: Event,
) -> None:
    from likeness.engine.errors import CheckpointMismatch, CheckpointUnreadable, EngineError
    from likeness.engine.training import Progress, TrainedAdapter, train

    payload, token = claim.payload, claim.token
    assert isinstance(payload, TrainingPayload)

    def on_progress(progress: Progress) -> None:
        may_run.wait()
        reporter(progress.stage, progress.step, progress.steps)

    def on_checkpoint(path: Path, step: int) -> None:
        key = checkpoint_key(claim.model_id, claim.job_id, token, step)
        folder.blobs.put(key, path)
        before = commit(
            folder.database,
            lambda transaction: queue.save_checkpoint(transaction, token, key, step),
        )
        if before not in (None, key):  # itself, if the answer to the first try was lost
            folder.discard(before)

    base = find_base(settings.base)
    with folder.place(token) as place:
        files = [folder.blobs.fetch(key, place) for key in photos]

        def train_from(checkpoint: Path | None) -> TrainedAdapter:
            return train(
                base,
                files,
                Identity(payload.trigger, payload.description),
                device=settings.device,
                threads=settings.threads,
                folder=place,
                resume=checkpoint,
                on_progress=on_progress,
                on_checkpoint=on_checkpoint,
            )

        try:
            key, adapter = claim.checkpoint_key, None
            try:
                adapter = train_from(folder.blobs.fetch(key, place) if key else None)
            except (CheckpointMismatch, CheckpointUnreadable, FileNotFoundError) as error:
                log.warning("the training begins anew: %s", error)
            # Not in the handler, where the traceback would keep the first base in memory.
            adapter = adapter or train_from(None)
        except EngineError as error:
            log.exception("the training cannot be done")
            with folder.database.write(alone=True) as transaction:
                fail(transaction, queue.fence(transaction, token), str(error))
            return
        folder.blobs.put(adapter_key(claim.model_id, claim.job_id, token), adapter.path)
    recipe = base.manifest.training.model_dump(mode="json")

    def finish(transaction: Transaction) -> str | None:
        checkpoint = queue.fence(transaction, token)["checkpoint_key"]
        finish_training(transaction, claim, base.manifest.name, recipe)
        return checkpoint

    checkpoint = commit(folder.database, finish, alone=True)
    if checkpoint is not None:
        folder.discard(checkpoint)
