"""What has to be done again and again: leases that ran out, old answers, deleted models, blobs
without a row."""

import logging
from collections.abc import Callable, Collection

from sqlalchemy import select

from likeness.accounts import answers
from likeness.actions.deletion import erase_blobs
from likeness.actions.ending import expire
from likeness.actions.turns import is_due, put_off
from likeness.images.table import images
from likeness.jobs import at_hand
from likeness.jobs.queue import has_expired
from likeness.jobs.table import jobs
from likeness.models import service as models
from likeness.models.table import adapters
from likeness.settings import Settings
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.videos.table import videos

log = logging.getLogger(__name__)

SWEEPING = "sweep"
"""The chore of listing the whole blob store."""

PAUSES = 6
"""In the age of an orphan, between two listings."""

GRACE = 120.0
"""Seconds after a deletion in which a writer that has not heard of it may still leave a blob."""


def run_round(folder: DataFolder, settings: Settings) -> None:
    """One round of upkeep, cheap when there is nothing to do."""
    with folder.database.read() as transaction:
        expired = has_expired(transaction)
    if expired:
        with folder.database.write(alone=True) as transaction:
            expire(transaction, settings.attempts)
    with folder.database.write() as transaction:
        answers.drop_old(transaction)
        at_hand.forget_old(transaction)
    erase_deleted(folder)
    sweep_in_turn(folder, settings.orphan_age, settings.orphan_age / PAUSES)


def erase_deleted(folder: DataFolder) -> None:
    """Erase the blobs of deleted models, again until no writer can be left, and old pages.

    Each of several servers does so, since each has copies of its own.
    """
    with folder.database.read() as transaction:
        rows, now = models.not_erased(transaction), transaction.now
    if rows:
        folder.database.forget_past()
    for row in rows:
        erase_blobs(folder, row["id"])
        if now - row["deleted_at"] > GRACE:
            with folder.database.write() as transaction:
                models.change_model(transaction, row["id"], erased_at=transaction.now)


def sweep_in_turn(folder: DataFolder, orphan_age: float, pause: float) -> int:
    """Sweep, unless another process does or did less than `pause` seconds ago: the blob store is
    the same for all. Returns how many blobs went."""

    def go_on() -> None:
        with folder.database.write(alone=True) as transaction:
            put_off(transaction, SWEEPING, pause)

    with folder.database.read() as transaction:
        if not is_due(transaction, SWEEPING):
            return 0
    with folder.database.write(alone=True) as transaction:
        if not is_due(transaction, SWEEPING):
            return 0
        put_off(transaction, SWEEPING, pause)
    count = sweep(folder, orphan_age, go_on)
    go_on()
    return count


def sweep(folder: DataFolder, orphan_age: float, on_page: Callable[[], None]) -> int:
    """Remove blobs that no row has pointed to for `orphan_age` seconds; returns how many went.

    The blob store is listed in pages; `on_page` is called before each is looked at.
    """
    count = folder.blobs.remove_unfinished(orphan_age)
    for batch in folder.blobs.list():
        on_page()
        old = {blob.key for blob in batch if blob.age > orphan_age}
        if not old:
            continue
        with folder.database.read() as transaction:
            orphans = old - pointed_to(transaction, old)
        folder.blobs.delete(orphans)
        count += len(orphans)
    if count:
        log.info("the sweeper removed %d blobs", count)
    return count


def pointed_to(transaction: Transaction, keys: Collection[str]) -> set[str]:
    """Those of the keys that a row points to, whoever owns it."""
    found: set[str] = set()
    pointers = (images.c.blob_key, videos.c.blob_key, adapters.c.blob_key, jobs.c.checkpoint_key)
    for column in pointers:
        found.update(row[0] for row in transaction.execute(select(column).where(column.in_(keys))))
    return found
