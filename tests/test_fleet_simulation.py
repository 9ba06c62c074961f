"""The simulated fleet of `benchmarks/fleet.py` keeps to the rules of the real queue."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from benchmarks.crowd import Habits, Wish, crowd
from benchmarks.lane import Job, Lane
from benchmarks.simulation import Simulation
from benchmarks.workers import Beside, Fleet, Outcome, Times
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from tests.support.payloads import BASE, GENERATION, offer
from tests.support.rooms import House

from likeness.accounts.service import Share, authenticate, create_key, set_share
from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload, Payload
from likeness.jobs.table import at_hand, jobs
from likeness.store.database import Transaction

WEIGHTS = {"a": 1.0, "b": 3.0, "c": 0.5}
MODELS = ("m0", "m1", "m2", "m3")


@dataclass(frozen=True)
class Come:
    """So many jobs of an account come, of one model."""

    account: str
    model: str
    count: int


@dataclass(frozen=True)
class Take:
    """A worker with these models at hand takes a job, and `more` of the same model."""

    owner: str = "w"
    at_hand: frozenset[str] = frozenset()
    more: int = 0


TAKE, OTHER, M1 = Take(), Take("other"), Take(at_hand=frozenset(("m1",)))

comes = st.builds(
    Come, st.sampled_from(sorted(WEIGHTS)), st.sampled_from(MODELS), st.integers(1, 12)
)
takes = st.builds(
    Take,
    st.sampled_from(["w", "other"]),
    st.frozensets(st.sampled_from(MODELS), max_size=2),
    st.integers(0, 2),
)
WAITED = 2.0
pauses = st.sampled_from([4.0, 12.0, 288.0])  # before and after the bounds of 10 and 300 s
lives = st.lists(comes | pauses | takes | takes | takes, min_size=10, max_size=40)


@given(life=lives)
@example(life=[Come("a", "m0", 16), Come("a", "m1", 1), M1, M1])
@example(life=[Come("a", "m0", 3), *3 * [TAKE], Come("b", "m0", 1), Come("a", "m0", 1), TAKE])
@example(life=[Come("a", "m0", 2), Come("a", "m1", 2), TAKE, 4.0, OTHER, 288.0, 12.0, OTHER])
@example(life=[Come("a", "m0", 1), TAKE, 288.0, 12.0, *2 * [Come("a", "m0", 1)], OTHER])
@example(life=[Come("a", "m1", 2), Come("a", "m0", 1), M1, OTHER])
@example(life=[Come("a", "m0", 2), Come("a", "m1", 1), TAKE, TAKE])
@example(life=[Come("a", "m0", 1), Come("a", "m1", 1), Come("a", "m0", 1), 12.0, Take(more=1)])
@example(life=[Come("a", "m0", 1), Come("a", "m1", 16), Come("a", "m0", 1), Take(more=1)])
@settings(max_examples=25)
def test_the_simulated_lane_and_the_queue_choose_the_same_jobs(
    life: list[Come | Take | float],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House.build(Path(folder))
        with house.folder.database.write(alone=True) as transaction:
            both = Both(transaction)
            for deed in life:
                match deed:
                    case Come():
                        both.come(deed)
                    case Take():
                        both.take(deed)
                    case _:
                        both.wait(deed)
        house.folder.database.close()


class Both:
    """The queue and the simulated lane, to which the same happens."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._accounts: dict[str, str] = {}
        for name, weight in WEIGHTS.items():
            account = authenticate(transaction, create_key(transaction, "key", name))
            assert account is not None
            set_share(transaction, Share(name, 0, weight))
            self._accounts[name] = account.id
        self._lane = Lane({self._accounts[name]: weight for name, weight in WEIGHTS.items()})
        self._ids: list[str] = []
        self._now = 0.0

    def come(self, deed: Come) -> None:
        account = self._accounts[deed.account]
        payload = GENERATION.model_copy(update={"adapter_id": deed.model})
        for _ in range(deed.count):
            self._lane.enqueue(Job(len(self._ids), account, deed.model, self._now))
            job_id = queue.enqueue(self._transaction, account, deed.model, payload, BASE)
            self._ids.append(job_id)

    def take(self, deed: Take) -> None:
        offered = offer(deed.owner, ["generation"], deed.at_hand)
        found = queue.claim(self._transaction, offered, 30)
        job = self._lane.claim(self._now, deed.owner, deed.at_hand)
        self._compare(found, job)
        for _ in range(deed.more if job else 0):
            assert job is not None
            model = job.model

            def fits(payload: Payload, model: str = model) -> bool:
                return isinstance(payload, GenerationPayload) and payload.adapter_id == model

            found = queue.claim_alike(self._transaction, offered, 30, WAITED, fits)
            more = self._lane.claim_alike(self._now, deed.owner, deed.at_hand, WAITED, model)
            self._compare(found, more)

    def wait(self, seconds: float) -> None:
        self._now += seconds
        earlier = {"created_at": jobs.c.created_at - seconds}
        self._transaction.execute(update(jobs).values(earlier))
        self._transaction.execute(update(at_hand).values(until=at_hand.c.until - seconds))

    def _compare(self, claim: queue.Claim | None, job: Job | None) -> None:
        assert (claim and claim.job_id) == (job and self._ids[job.number])


def simulate(fleet: Fleet, times: Times, habits: Habits, load: float) -> Outcome:
    """Twenty thousand generations at a load of the workers."""
    rate = load * fleet.workers / (times.generation + times.adapter)
    seconds = 20_000 / rate
    wishes = crowd(habits, fleet.workers, rate, seed=1)
    return Simulation(fleet, times).run(wishes, seconds / 10, seconds)


def test_one_worker_alone_is_the_queue_of_the_textbook() -> None:
    habits = Habits(burst=1.0, generations=1e9)
    fleet, times = Fleet(1, True, 1, "shared", 0.001), Times(1.0, 1.0, 0.0, 1.0, 0.0)
    waits = simulate(fleet, times, habits, 0.7).waits["generation"]
    # Pollaczek and Khinchine, for work that always takes as long: load / (2 (1 - load)).
    assert sum(waits) / len(waits) == pytest.approx(0.7 / 0.6, rel=0.1)


def test_jobs_wait_for_the_next_look_where_nothing_else_is_to_do() -> None:
    habits = Habits(burst=1.0, generations=1e9)
    fleet, times = Fleet(1, True, 1, "shared", 0.2), Times(0.01, 0.01, 0.0, 1.0, 0.0)
    waits = simulate(fleet, times, habits, 0.001).waits["generation"]
    assert max(waits) < 0.25
    assert sum(waits) / len(waits) == pytest.approx(0.1, rel=0.05)


def three_beside_a_training(beside: Beside) -> list[float]:
    """When three pictures began, of which one came with a training and two after it."""
    wishes = [Wish(1.0, "training", "a", "m", 1), Wish(1.0, "generation", "a", "m", 1)]
    wishes += [Wish(1.5, "generation", "a", "m", 2), Wish(2000.0, "generation", "a", "m", 1)]
    simulation = Simulation(Fleet(1, True, 1, beside, 0.2), Times(2.0, 2.0, 0.0, 100.0, 0.0))
    waits = simulation.run(iter(wishes), 0.0, 1000.0).waits["generation"]
    return [since + wait for since, wait in zip((1.0, 1.5, 1.5), waits, strict=True)]


def test_pictures_beside_a_training_go_at_half_speed_on_a_gpu() -> None:
    assert three_beside_a_training("shared") == pytest.approx([1.0, 5.0, 9.0], abs=0.2)


def test_on_a_processor_a_training_has_its_turn_after_each_picture() -> None:
    assert three_beside_a_training("turns") == pytest.approx([1.0, 4.0, 7.0], abs=0.4)


def test_a_backlog_of_few_people_goes_to_the_workers_that_have_them() -> None:
    # One account, whose jobs come one by one, each of another of forty people.
    habits = Habits(accounts=1, people=40, burst=1.0, generations=1e9)
    times = Times(0.5, 0.5, 0.1, 1.0, 0.0)
    misses = [
        simulate(Fleet(1, affinity, 1, "shared", 0.2), times, habits, 0.98).misses
        for affinity in (True, False)
    ]
    assert misses[0] < 0.95 * misses[1]


def test_those_of_one_burst_that_nobody_else_took_are_drawn_at_once() -> None:
    wishes = [Wish(1.0, "generation", "a", "m", 5), Wish(100.0, "generation", "a", "m", 1)]
    simulation = Simulation(Fleet(1, True, 4, "shared", 0.2), Times(2.0, 1.0, 0.5, 1.0, 0.0))
    outcome = simulation.run(iter(wishes), 0.0, 50.0)
    assert outcome.done == pytest.approx([2.5, 7.5, 7.5, 7.5, 7.5], abs=0.2)
    assert outcome.misses == 1
