"""What a worker does between its jobs, without any network: the jobs themselves are made up."""

import time
from collections.abc import Callable, Generator
from threading import Event, Thread

import pytest
from PIL import Image
from sqlalchemy import select
from tests.support.away import Away
from tests.support.payloads import BASE
from tests.support.rooms import House

from likeness.engine.sampling import SampleRequest
from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload
from likeness.jobs.table import jobs
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.work import orders, worker
from likeness.work.batch import Attempt, OnStep, Wish
from likeness.work.engines import Engines
from likeness.work.worker import Worker

PAYLOAD = GenerationPayload(
    adapter_id=None, prompt="p", width=64, height=64, num_images=1, steps=None, seed=1
)


OnStage = Callable[[str, int, int], None]


class Desk:
    """A worker in a thread; `do` is what it does with a job, which is then finished. If it `draws`,
    it draws before, and `drawn` says for how many jobs at once."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
        self.house = house
        self.draws = False
        self.drawn: list[int] = []
        self.failures = 0
        self.draining = Event()
        self.do: Callable[[], None] = lambda: None
        monkeypatch.setattr(worker, "PAUSE", 0.0)
        monkeypatch.setattr(orders, "PAUSE", 0.0)
        monkeypatch.setattr(Engines, "preload", lambda _: None)
        monkeypatch.setattr(Worker, "_run", self._run)
        monkeypatch.setattr(Worker, "_draw", self._draw)
        settings = Settings.read(**house.settings, poll=0.01, batch=batch)
        self.worker = Worker(settings, "w", self.draining)
        self._thread = Thread(target=self.worker.run, daemon=True)

    def _draw(self, request: SampleRequest, _: object, on_step: OnStep) -> list[Image.Image]:
        self.drawn.append(len(request.seeds))
        if self.failures:
            self.failures -= 1
            raise MemoryError
        on_step(1, 1)
        return [Image.new("RGB", (1, 1)) for _ in request.seeds]

    def _run(self, claim: queue.Claim, report: OnStage) -> Attempt:
        if self.draws:
            request = SampleRequest(("p",), (1,), 64, 64)
            yield Wish(request, None, lambda step, steps: report("sampling", step, steps))
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
def batch() -> int:
    """How many jobs are done at once."""
    return 1


@pytest.fixture
def desk(house: House, monkeypatch: pytest.MonkeyPatch, batch: int) -> Generator[Desk]:
    desk = Desk(house, monkeypatch, batch)
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


@pytest.mark.parametrize("batch", [3])
def test_jobs_that_are_alike_are_drawn_at_once(desk: Desk) -> None:
    desk.draws = True
    desk.ask(5)
    time.sleep(0.1)  # no other worker has taken them meanwhile
    desk.start()
    desk.wait_for([("success", 1)] * 5)
    assert desk.drawn == [3, 2]


@pytest.mark.parametrize("batch", [3])
def test_jobs_that_failed_together_are_tried_alone(desk: Desk) -> None:
    desk.draws, desk.failures = True, 1
    desk.ask(3)
    time.sleep(0.1)  # no other worker has taken them meanwhile
    desk.start()
    desk.wait_for([("success", 2)] * 3)
    assert desk.drawn == [3, 1, 1, 1]


@pytest.mark.parametrize("batch", [3])
def test_a_job_that_is_cancelled_leaves_those_beside_it_alone(desk: Desk) -> None:
    desk.draws = True
    cancelled: list[str] = []

    def cancel_another() -> None:
        if not cancelled:
            with desk.house.folder.database.write(alone=True) as transaction:
                running = select(jobs).where(jobs.c.status == "running").order_by(jobs.c.id.desc())
                job = transaction.hold_all(running)[0]
                queue.end(transaction, job, "Cancelled.")
            cancelled.append(job["id"])

    desk.do = cancel_another
    desk.ask(3)
    time.sleep(0.1)  # no other worker has taken them meanwhile
    desk.start()
    desk.wait_for([("success", 1), ("success", 1), ("failed", 1)])
    assert desk.drawn == [3]
