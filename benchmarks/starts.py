"""Start latency: how long a new account's job waits for workers that others keep busy claiming."""

import random
import time
from collections.abc import Sequence
from threading import Event, Thread

from benchmarks.lives import Lives, open_accounts

from likeness.accounts.service import Account, authenticate, create_key
from likeness.settings import Settings
from likeness.store.database import Database

POLL: float = Settings.model_fields["poll"].default
SAMPLES = 100
PATIENCE = 120.0


class _Workers:
    """Threads that look, claim and are done at once, and tell when they claimed each job."""

    def __init__(self, database: Database, count: int) -> None:
        self.claimed: dict[str, float] = {}
        self._lives = Lives(database, [])
        self._over = Event()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(count)]

    def __enter__(self) -> "_Workers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        worked = True
        while not self._over.is_set():
            if claim := self._lives.claim():
                self.claimed[claim.job_id] = time.perf_counter()
                self._lives.finish(claim)
                worked = True
            else:
                # A real job takes seconds, after which the looks fall on any moment; after these
                # they would all fall on the same one in the end.
                self._over.wait(random.uniform(0, POLL) if worked else POLL)
                worked = False


def start_latencies(database: Database, workers: int) -> Sequence[float]:
    """Seconds from the enqueuing of a job to its claim, in order, each of an account without any
    before, while so many workers take what waits."""
    newcomers = _newcomers(database)
    lives = Lives(database, open_accounts(database, 1))
    took: list[float] = []
    with _Workers(database, workers) as there:
        for account in newcomers:
            time.sleep(random.uniform(0, POLL))
            began = time.perf_counter()
            job_id = lives.enqueue(account)
            while job_id not in there.claimed:
                assert time.perf_counter() - began < PATIENCE, "a job is not claimed"
                time.sleep(0.001)
            took.append(there.claimed[job_id] - began)
    return sorted(took)


def _newcomers(database: Database) -> list[Account]:
    made: list[Account] = []
    with database.write(alone=True) as transaction:
        for number in range(SAMPLES):
            key = create_key(transaction, "k", f"newcomer {number}")
            account = authenticate(transaction, key)
            assert account is not None
            made.append(account)
    return made
