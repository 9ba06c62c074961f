"""Waking requests that wait for a job: one look at the database for all of them."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread

from likeness.jobs.service import Version, versions
from likeness.store.database import Database
from likeness.store.unreachable import Unreachable

INTERVAL = 0.2
"""Seconds between two looks, while anybody waits."""

log = logging.getLogger(__name__)


@dataclass
class _Watch:
    """Those who wait for a job to be another than in one version."""

    waiters: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Notifier:
    """Lets any number of requests wait for changes of jobs, without a thread or a connection each.

    For one event loop. `readers` is how many threads read the database at once.
    """

    def __init__(self, database: Database, readers: CapacityLimiter) -> None:
        self._database = database
        self._readers = readers
        self._watches: dict[tuple[str, Version], _Watch] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, job_id: str, since: Version, seconds: float) -> None:
        """Return when the job is no longer as in `since`, or after so many seconds."""
        key = job_id, since
        watch = self._watches.setdefault(key, _Watch())
        watch.waiters += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(watch.changed.wait(), seconds)
        finally:
            watch.waiters -= 1
            if not watch.waiters:
                del self._watches[key]

    async def _look(self) -> None:
        away = False
        while self._watches:
            try:
                job_ids = {job_id for job_id, _ in self._watches}
                now = await to_thread.run_sync(self._read, tuple(job_ids), limiter=self._readers)
                for (job_id, since), watch in self._watches.items():
                    if now.get(job_id, since) != since:
                        watch.changed.set()
                away = False
            except Unreachable as error:
                if not away:
                    log.warning("looking for changed jobs goes on when it can: %s", error)
                away = True
            except Exception:
                log.exception("looking for changed jobs failed; it goes on")
            await asyncio.sleep(INTERVAL)

    def _read(self, job_ids: tuple[str, ...]) -> Mapping[str, Version]:
        with self._database.read() as transaction:
            return versions(transaction, job_ids)
