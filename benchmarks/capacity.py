"""What one PostgreSQL carries, and one API process on it, and what sets the limit.

    PYTHONPATH=. .venv/bin/python benchmarks/capacity.py [--seconds 10] [--fsync on|off]

First each deed in the life of a job alone; then whole lives from 1, 2, 4, ... client processes,
until more of them bring no more; lives while another transaction stays open, as that of a backup
does; and requests to one API process over more and more connections. Beside each rate stands how
many processors the database, the API's process and the clients kept busy: what comes near 1 for one
process, or near all that there are for all together, is the limit. The server is that of the tests
(`--fsync off` is how they run it), or TEST_DATABASE_URL.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

import psutil
from benchmarks.clients import crew
from benchmarks.costs import ACCOUNTS, measure_costs
from benchmarks.lives import Lives, open_accounts
from benchmarks.load import Load, figures, put_on, request
from benchmarks.postgres import Meter, set_durable
from sqlalchemy import text
from tests.support.payloads import BASE
from tests.support.postgres import postgres_database
from tests.support.server import Server

from likeness.accounts.service import Account, authenticate, create_key
from likeness.models import service as models
from likeness.store.database import Database
from likeness.store.ids import new_id
from likeness.store.postgresql import PostgreSQL

REPORTS = 5
"""In each life: a picture of a few seconds."""

MORE = 1.05
"""What twice as many clients must bring; twice in a row less, and no more are tried."""

MOST = 32
"""Each client process has two connections to the server, which takes a hundred."""

KNOWN = 200
"""Jobs that are read, of either sort."""

LIVES, VIEWS = 500, 6


class Watch:
    """Looks at the clocks of the database and of an API process at its beginning."""

    def __init__(self, meter: Meter, api: psutil.Process | None = None) -> None:
        self._meter, self._api = meter, api
        self._began, self._before = time.monotonic(), self._clocks()

    def told(self, clients: float) -> str:
        """How many processors were kept busy since, if clients used so many seconds of them."""
        span = time.monotonic() - self._began
        database, api = (
            (now - then) / span for now, then in zip(self._clocks(), self._before, strict=True)
        )
        said = f"API {api:.2f}, " if self._api else ""
        whole = f"clients {clients / span:.2f} of {os.cpu_count()} processors"
        return f"busy: database {database:.2f}, {said}{whole}"

    def _clocks(self) -> tuple[float, float]:
        times = self._api.cpu_times() if self._api else None
        return self._meter.seconds(), times.user + times.system if times else 0.0


def until_no_more(attempt: Callable[[int], float]) -> None:
    """Try with 1, 2, 4, ... clients as long as more of them bring a higher rate."""
    best, clients, in_vain = 0.0, 1, 0
    while clients <= MOST and in_vain < 2:
        rate = attempt(clients)
        in_vain = 0 if rate >= MORE * best else in_vain + 1
        best, clients = max(best, rate), 2 * clients


def measure_lives(url: str, meter: Meter, seconds: float) -> None:
    """Whole lives from client processes."""

    def attempt(clients: int) -> float:
        with crew(url, clients, seconds, REPORTS) as ready:
            watch = Watch(meter)
            took, used = ready.work()
            found = figures(took, seconds)
            print(f"  {clients:2} processes: {found}; {watch.told(used)}", flush=True)
        return found.rate

    until_no_more(attempt)


def measure_open_view(database: Database, meter: Meter) -> None:
    """What a life costs the longer somebody else looks at the record as it was: what nobody may
    clear away is passed over again and again."""
    lives = Lives(database, open_accounts(database, ACCOUNTS))
    with database.engine.connect() as connection:
        view = connection.execution_options(isolation_level="REPEATABLE READ")
        # It stands still for longer than the program's own transactions may.
        view.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        for number in range(VIEWS + 1):
            before = meter.seconds()
            for _ in range(LIVES):
                lives.live(REPORTS)
            cost = 1e3 * (meter.seconds() - before) / LIVES
            print(f"  after {number * LIVES:5} lives: database {cost:.2f} ms a life", flush=True)
            if not number:
                view.execute(text("SELECT count(*) FROM jobs"))


def updates(database: Database) -> str:
    """How many updates stayed in their page, without a new entry in any index."""
    query = "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE n_tup_upd > 0"
    with database.read() as transaction:
        return ", ".join(
            f"{row['relname']} {100 * row['n_tup_hot_upd'] / row['n_tup_upd']:.0f} % of "
            f"{row['n_tup_upd']:,}"
            for row in transaction.all(text(query))
        )


def owners(database: Database, count: int) -> Iterator[tuple[str, str]]:
    """Keys of so many accounts, each with a model that has an adapter."""
    values = {"base": BASE, "trigger": "x", "description": "a person", "recipe": {}}
    for number in range(count):
        with database.write(alone=True) as transaction:
            key = create_key(transaction, "k", f"owner {number}")
            account = authenticate(transaction, key)
            assert account is not None
            model = models.create_model(transaction, account, {"name": "Asha"})
            values |= {"job_id": new_id(), "blob_key": f"adapters/{number}"}
            models.add_adapter(transaction, model, values)
        yield key, model["id"]


def measure_api(database: Database, server: Server, meter: Meter, seconds: float) -> None:
    """Requests of one key, and of many, to one process."""
    some = list(owners(database, ACCOUNTS))
    body = {"prompt": "at the beach", "width": 1024, "height": 1024}
    starts = [
        request(key, "/api/images/generation", {**body, "modelID": model}) for key, model in some
    ]
    key, _ = some[0]
    with database.read() as transaction:
        account = authenticate(transaction, key)
    assert account is not None
    over, waiting = jobs_of(database, account)
    loads = {
        "GET /ping": [request(key, "/api/ping")],
        "GET /jobs/{id}, done": [request(key, f"/api/jobs/{one}") for one in over],
        "GET /jobs/{id}, waiting": [request(key, f"/api/jobs/{one}") for one in waiting],
        "POST /images/generation, one account": starts[:1],
        f"POST /images/generation, {ACCOUNTS} accounts": starts,
    }
    for name, requests in loads.items():
        print(name)

        def attempt(connections: int, requests: list[str] = requests) -> float:
            sent = list(islice(cycle(requests), max(len(requests), connections)))
            watch, before = Watch(meter, server.process), seconds_of_children()
            found = put_on(Load(server.port, sent, seconds, connections))
            used = watch.told(seconds_of_children() - before)
            print(f"  {connections:2} connections: {found}; {used}", flush=True)
            return found.rate

        until_no_more(attempt)


def seconds_of_children() -> float:
    """Processor time of children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def jobs_of(database: Database, account: Account) -> tuple[list[str], list[str]]:
    """Jobs of an account that are done, and some that wait."""
    lives = Lives(database, [account])
    while claim := lives.claim():  # what others left
        lives.finish(claim)
    over = [lives.enqueue() for _ in range(KNOWN)]
    while claim := lives.claim():
        lives.finish(claim)
    return over, [lives.enqueue() for _ in range(KNOWN)]


def main(seconds: float, fsync: str) -> None:
    """Print the figures."""
    with postgres_database() as url, tempfile.TemporaryDirectory() as folder:
        database = PostgreSQL(url)
        print(set_durable(database, fsync))
        meter = Meter(database)
        print("One client, one deed after the other")
        for name, cost in measure_costs(database).items():
            print(f"  {name:8} {cost}", flush=True)
        print(f"Lives: enqueue, claim, {REPORTS} reports, finish")
        measure_lives(url, meter, seconds)
        print(f"  updates in place: {updates(database)}")
        print("Lives of one client beside an open transaction")
        measure_open_view(database, meter)
        data = Path(folder) / "data"
        with Server(data, BASE, worker="false", secret="s", database_url=url) as server:
            measure_api(database, server, meter, seconds)
        database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--fsync", choices=("on", "off"), default="on")
    given = parser.parse_args()
    main(given.seconds, given.fsync)
