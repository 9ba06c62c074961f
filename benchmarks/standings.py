"""What enqueuing, claiming and a place in the queue cost while many jobs wait, and how long the job
of a new account waits for its start, on both databases.

    PYTHONPATH=. .venv/bin/python benchmarks/standings.py [JOBS ...]

Fills an empty database with so many queued jobs (0, 10,000 and 1,000,000, unless told) of a hundred
accounts, which goes past the program, since it would take hours; then lets one thread, and on
PostgreSQL eight, work as API processes and workers do, each call in a transaction of its own, and
prints milliseconds (median, p99) and calls per second. `depth` is what a look at the metrics costs,
and a round of a fleet's controller. At last workers (one on SQLite, eight on PostgreSQL) poll as
real ones do, and are done with each job at once, while new accounts come one by one: `start` is the
time from enqueuing to the claim. SQLite first, then the PostgreSQL of the tests, which writes
through a power cut here, as SQLite does.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.postgres import set_durable
from benchmarks.starts import SAMPLES, start_latencies
from sqlalchemy import func, insert, select
from tests.support.payloads import BASE, GENERATION, offer
from tests.support.stores import DATABASES, open_database

from likeness.accounts.service import Account, authenticate, create_key
from likeness.actions.claiming import claim_next
from likeness.jobs import queue
from likeness.jobs.depth import depths
from likeness.jobs.service import queue_position
from likeness.jobs.standings import lane_of
from likeness.jobs.table import QUEUED, jobs, standings
from likeness.store.database import Database
from likeness.store.ids import new_id
from likeness.store.migration import bring_up_to_date

LANE = lane_of("generation", BASE)
ACCOUNTS = 100
CALLS = 400
LOOKS = 20
BATCH = 10_000


def fill(database: Database, count: int) -> list[Account]:
    """Accounts, and so many jobs of theirs, in turn."""
    accounts: list[Account] = []
    with database.write(alone=True) as transaction:
        for number in range(ACCOUNTS):
            account = authenticate(transaction, create_key(transaction, "k", f"account {number}"))
            assert account is not None
            accounts.append(account)
        now, payload = transaction.now, GENERATION.model_dump(mode="json")
    common = {"kind": "generation", "lane": LANE, "model_id": "m", "priority": 0}
    common |= {"status": "queued", "attempt": 0, "created_at": now, "updated_at": now}
    for first in range(0, count, BATCH):
        rows = [
            {**common, "id": new_id(), "account_id": accounts[n % ACCOUNTS].id, "payload": payload}
            for n in range(first, min(count, first + BATCH))
        ]
        with database.write() as transaction:
            transaction.execute(insert(jobs), rows)
    with database.write() as transaction:
        number = func.count().label("waiting")
        waiting = select(jobs.c.account_id, number).where(QUEUED).group_by(jobs.c.account_id)
        for row in transaction.all(waiting):
            transaction.execute(insert(standings).values(**row, lane=LANE, rank=0, at=0.0))
    return accounts


def measure(name: str, call: Callable[[int], object], threads: int, calls: int = CALLS) -> None:
    """Make the calls and print what they took."""

    def timed(number: int) -> float:
        started = time.perf_counter()
        call(number)
        return time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        took = sorted(pool.map(timed, range(calls)))
    rate = calls / (time.perf_counter() - started)
    median, late = 1000 * took[calls // 2], 1000 * took[calls * 99 // 100]
    print(f"  {name:8} {threads} threads  {median:7.2f} {late:7.2f} ms  {rate:6.0f} a second")


def run(database: Database, kind: str, count: int) -> None:
    """Measure one database with so many jobs."""
    bring_up_to_date(database)
    if kind == "PostgreSQL":
        set_durable(database)
    accounts = fill(database, count)
    print(f"{kind}, {count:,} jobs wait")

    def enqueue(number: int) -> None:
        with database.write() as transaction:
            queue.enqueue(transaction, accounts[number % ACCOUNTS].id, "m", GENERATION, BASE)

    def claim(_: int) -> None:
        claim_next(database, offer("benchmark", ["generation"]), 3600, 3)

    def place(_: int) -> None:
        with database.read() as transaction:
            row = transaction.one(select(jobs).where(QUEUED).limit(1))
            assert row is not None
            queue_position(transaction, row)

    def depth(_: int) -> None:
        with database.read() as transaction:
            depths(transaction, BASE)

    for threads in (1,) if kind == "SQLite" else (1, 8):
        for call in (enqueue, place, claim):  # what was enqueued is claimed: as many wait as before
            measure(call.__name__, call, threads)
    measure("depth", depth, 1, LOOKS)
    workers = 1 if kind == "SQLite" else 8
    took = start_latencies(database, workers)
    median, late = 1000 * took[SAMPLES // 2], 1000 * took[SAMPLES * 99 // 100]
    print(f"  start    {workers} workers  {median:7.2f} {late:7.2f} ms", flush=True)


def main(counts: list[int]) -> None:
    """Print the figures."""
    for kind in DATABASES:
        for count in counts:
            with tempfile.TemporaryDirectory() as folder, open_database(kind, Path(folder)) as new:
                run(new, kind, count)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [0, 10_000, 1_000_000])
