"""What a worker does between its jobs, without any network: the jobs themselves are made up."""

import time
from collections.abc import Callable, Generator
from threading import Event, Thread

import pytest
from sqlalchemy import select
from tests.support.away import Away
from tests.support.payloads import BASE
from tests.support.rooms import House

from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload
from likeness.jobs.table import jobs
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.work import orders, worker
from likeness.work.worker import Worker

PAYLOAD = GenerationPayload(
    adapter_id=None, prompt="p", width=64, height=64, num_images=1, steps=None, seed=1
)


class Desk:
    """A worker in a thread; `do` is what it does with a job, which is then finished."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.draining = Event()
        self.do: Callable[[], None] = lambda: None
        monkeypatch.setattr(worker, "PAUSE", 0.0)
        monkeypatch.setattr(orders, "PAUSE", 0.0)
        monkeypatch.setattr(Worker, "_load_sampler", lambda _: None)
        monkeypatch.setattr(Worker, "_load_upscaler", lambda _: None)
        monkeypatch.setattr(Worker, "_choose_device", lambda _: None)
        monkeypatch.setattr(Worker, "_run", self._run)
        settings = Settings.read(**house.settings, poll=0.01)
        self.worker = Worker(settings, "w", self.draining)
        self._thread = Thread(target=self.worker.run, daemon=True)

    def _run(self, claim: queue.Claim, _: object) -> None:
        self.do()
        with self.house.folder.database.write() as transaction:
            queue.end(transaction, queue.fence(transaction, claim.token), None)

    def ask(self, count: int) -> list[str]:
        """Jobs, in this order."""
        with self.house.folder.database.write() as transaction:
            return [
                queue.enqueue(transaction, self.house.account.id, "m", PAYLOAD, BASE)
                for _ in range(count)
            ]

    def start(self) -> None:
        """Let it work."""
        self._thread.start()

    def ends(self) -> bool:
        """Whether it ends by itself."""
        self._thread.join(60)
        return not self._thread.is_alive()

    def states(self) -> list[tuple[str, int]]:
        """Status and attempt of each job, in order."""
        with self.house.folder.database.read() as transaction:
            rows = transaction.all(select(jobs.c.status, jobs.c.attempt).order_by(jobs.c.id))
        return [(row["status"], row["attempt"]) for row in rows]

    def wait_for(self, states: list[tuple[str, int]]) -> None:
        """Return when the jobs are so."""
        limit = time.monotonic() + 60
        while self.states() != states:
            assert time.monotonic() < limit, self.states()
            time.sleep(0.02)


@pytest.fixture
def desk(house: House, monkeypatch: pytest.MonkeyPatch) -> Generator[Desk]:
    desk = Desk(house, monkeypatch)
    yield desk
    desk.draining.set()
    assert desk.ends()
    desk.worker.folder.database.close()


def test_a_worker_that_is_told_to_stop_finishes_and_takes_no_more(desk: Desk) -> None:
    begun, go_on = Event(), Event()

    def work() -> None:
        begun.set()
        go_on.wait(60)

    desk.do = work
    desk.ask(2)
    desk.start()
    assert begun.wait(60)
    desk.draining.set()
    go_on.set()
    assert desk.ends()
    assert desk.states() == [("success", 1), ("queued", 0)]


def test_a_worker_without_work_stops_at_once(desk: Desk) -> None:
    desk.start()
    desk.draining.set()
    assert desk.ends()


def test_a_worker_waits_for_the_database(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away(desk.worker.folder.database, monkeypatch)
    away.times = 20
    desk.ask(1)
    desk.start()
    desk.wait_for([("success", 1)])
    assert away.times == 0


def test_what_waited_in_vain_for_the_blob_store_is_tried_again(desk: Desk) -> None:
    left = [1, 2, 3, 4, 5]  # more often than a job may be tried

    def work() -> None:
        if left:
            left.pop()
            raise BlobsUnreachable("away")

    desk.do = work
    desk.ask(1)
    desk.start()
    desk.wait_for([("success", 1)])
