"""What each deed in the life of a job costs the database: time, and seconds of processor."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.lives import STEPS, Lives, open_accounts
from benchmarks.postgres import Meter

from likeness.jobs.queue import Claim
from likeness.store.database import Database

ACCOUNTS = 100
CALLS = 1000


@dataclass(frozen=True)
class Cost:
    """Of one deed, in seconds: median and 99th percentile of the time that one client alone waits,
    and the processor time of the database and of the client."""

    p50: float
    p99: float
    server: float
    client: float

    def __str__(self) -> str:
        return (
            f"p50 {1e3 * self.p50:6.2f} ms, p99 {1e3 * self.p99:6.2f} ms; processor: "
            f"database {1e3 * self.server:5.2f} ms, client {1e3 * self.client:5.2f} ms"
        )


def measure_costs(database: Database, calls: int = CALLS) -> dict[str, Cost]:
    """The cost of each deed by its name, one after the other, of jobs of a hundred accounts."""
    meter = Meter(database)
    lives = Lives(database, open_accounts(database, ACCOUNTS))
    claims: list[Claim] = []

    def claim() -> None:
        found = lives.claim()
        assert found is not None
        claims.append(found)

    def of_all(deed: Callable[[Claim], None]) -> list[Callable[[], None]]:
        return [lambda one=one: deed(one) for one in claims]

    costs = {"look": _cost(meter, [lives.claim] * calls)}
    # Some of those that come wait on, so that no claim is the last one of its account.
    costs["enqueue"] = _cost(meter, [lives.enqueue] * (calls + 10 * ACCOUNTS))
    costs["claim"] = _cost(meter, [claim] * calls)
    for one in claims:  # the first of a stage writes more
        lives.report(one, 0)
    costs["report"] = _cost(meter, of_all(lambda one: lives.report(one, STEPS)))
    costs["check"] = _cost(meter, of_all(lives.check))
    costs["beat"] = _cost(meter, of_all(lives.beat))
    costs["finish"] = _cost(meter, of_all(lives.finish))
    return costs


def _cost(meter: Meter, deeds: Iterable[Callable[[], object]]) -> Cost:
    took: list[float] = []
    server, client = meter.seconds(), time.process_time()
    for deed in deeds:
        started = time.perf_counter()
        deed()
        took.append(time.perf_counter() - started)
    count = len(took)
    took.sort()
    return Cost(
        took[count // 2],
        took[int(0.99 * (count - 1))],
        (meter.seconds() - server) / count,
        (time.process_time() - client) / count,
    )
