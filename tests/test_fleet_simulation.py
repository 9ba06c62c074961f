"""The simulated fleet of `benchmarks/fleet.py` keeps to the rules of the real queue."""

import tempfile
from pathlib import Path

import pytest
from benchmarks.crowd import Habits, Wish, crowd
from benchmarks.lane import Job, Lane
from benchmarks.simulation import Beside, Fleet, Outcome, Simulation, Times
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from tests.support.payloads import BASE, GENERATION, offer
from tests.support.rooms import House

from likeness.accounts.service import Share, authenticate, create_key, set_share
from likeness.jobs import queue
from likeness.jobs.table import at_hand, jobs

WEIGHTS = {"a": 1.0, "b": 3.0, "c": 0.5}
MODELS = ("m0", "m1", "m2", "m3")

Claim = tuple[str, frozenset[str]]
"""A worker, and the models that it has at hand."""
NONE: Claim = ("w", frozenset())
M1: Claim = ("w", frozenset(("m1",)))
OTHER: Claim = ("other", frozenset())

Enqueue = tuple[str, str, int]
"""An account, a model, and how many jobs."""

enqueues = st.tuples(st.sampled_from(sorted(WEIGHTS)), st.sampled_from(MODELS), st.integers(1, 12))
pauses = st.sampled_from([4.0, 12.0, 288.0])  # before and after the bounds of 10 and 300 s
claims = st.tuples(
    st.sampled_from(["w", "other"]), st.frozensets(st.sampled_from(MODELS), max_size=2)
)
lives = st.lists(enqueues | pauses | claims | claims | claims, min_size=10, max_size=40)


@given(life=lives)
@example(life=[("a", "m0", 16), ("a", "m1", 1), M1, M1])
@example(life=[("a", "m0", 3), *3 * [NONE], ("b", "m0", 1), ("a", "m0", 1), NONE])
@example(life=[("a", "m0", 2), ("a", "m1", 2), NONE, 4.0, OTHER, 288.0, ("a", "m0", 1), NONE])
@example(life=[("a", "m0", 1), NONE, 288.0, 12.0, ("a", "m0", 1), ("a", "m1", 1), OTHER])
@example(life=[("a", "m1", 2), ("a", "m0", 1), M1, OTHER])
@example(life=[("a", "m0", 2), ("a", "m1", 1), NONE, NONE])
@settings(max_examples=25)
def test_the_simulated_lane_and_the_queue_choose_the_same_jobs(
    life: list[Enqueue | float | Claim],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House.build(Path(folder))
        with house.folder.database.write(alone=True) as transaction:
            names: dict[str, str] = {}
            for name, weight in WEIGHTS.items():
                account = authenticate(transaction, create_key(transaction, "key", name))
                assert account is not None
                set_share(transaction, Share(name, 0, weight))
                names[name] = account.id
            lane = Lane({names[name]: weight for name, weight in WEIGHTS.items()})
            ids: list[str] = []
            now = 0.0
            for deed in life:
                if isinstance(deed, int | float):
                    now += deed
                    older = jobs.c.created_at - deed
                    transaction.execute(update(jobs).values(created_at=older))
                    sooner = at_hand.c.until - deed
                    transaction.execute(update(at_hand).values(until=sooner))
                elif len(deed) == 3:
                    name, model, count = deed
                    for _ in range(count):
                        lane.enqueue(Job(len(ids), names[name], model, now))
                        ids.append(queue.enqueue(transaction, names[name], model, GENERATION, BASE))
                else:
                    owner, models = deed
                    offered = offer(owner, ["generation"], models)
                    claim = queue.claim(transaction, offered, 30)
                    job = lane.claim(now, owner, models)
                    assert (claim and claim.job_id) == (job and ids[job.number])
        house.folder.database.close()


def simulate(fleet: Fleet, times: Times, habits: Habits, load: float) -> Outcome:
    """Twenty thousand generations at a load of the workers."""
    rate = load * fleet.workers / (times.generation + times.adapter)
    seconds = 20_000 / rate
    wishes = crowd(habits, fleet.workers, rate, seed=1)
    return Simulation(fleet, times).run(wishes, seconds / 10, seconds)


def test_one_worker_alone_is_the_queue_of_the_textbook() -> None:
    habits = Habits(burst=1.0, generations=1e9)
    fleet, times = Fleet(1, True, "shared", 0.001), Times(1.0, 0.0, 1.0, 0.0)
    waits = simulate(fleet, times, habits, 0.7).waits["generation"]
    # Pollaczek and Khinchine, for work that always takes as long: load / (2 (1 - load)).
    assert sum(waits) / len(waits) == pytest.approx(0.7 / 0.6, rel=0.1)


def test_jobs_wait_for_the_next_look_where_nothing_else_is_to_do() -> None:
    habits = Habits(burst=1.0, generations=1e9)
    fleet, times = Fleet(1, True, "shared", 0.2), Times(0.01, 0.0, 1.0, 0.0)
    waits = simulate(fleet, times, habits, 0.001).waits["generation"]
    assert max(waits) < 0.25
    assert sum(waits) / len(waits) == pytest.approx(0.1, rel=0.05)


def three_beside_a_training(beside: Beside) -> list[float]:
    """When three pictures began, of which one came with a training and two after it."""
    wishes = [Wish(1.0, "training", "a", "m", 1), Wish(1.0, "generation", "a", "m", 1)]
    wishes += [Wish(1.5, "generation", "a", "m", 2), Wish(2000.0, "generation", "a", "m", 1)]
    simulation = Simulation(Fleet(1, True, beside, 0.2), Times(2.0, 0.0, 100.0, 0.0))
    waits = simulation.run(iter(wishes), 0.0, 1000.0).waits["generation"]
    return [since + wait for since, wait in zip((1.0, 1.5, 1.5), waits, strict=True)]


def test_pictures_beside_a_training_go_at_half_speed_on_a_gpu() -> None:
    assert three_beside_a_training("shared") == pytest.approx([1.0, 5.0, 9.0], abs=0.2)


def test_on_a_processor_a_training_has_its_turn_after_each_picture() -> None:
    assert three_beside_a_training("turns") == pytest.approx([1.0, 4.0, 7.0], abs=0.4)


def test_a_backlog_of_few_people_goes_to_the_workers_that_have_them() -> None:
    # One account, whose jobs come one by one, each of another of forty people.
    habits = Habits(accounts=1, people=40, burst=1.0, generations=1e9)
    times = Times(0.5, 0.1, 1.0, 0.0)
    hits = [
        outcome.hits / (outcome.hits + outcome.misses)
        for affinity in (True, False)
        for outcome in [simulate(Fleet(1, affinity, "shared", 0.2), times, habits, 0.98)]
    ]
    assert hits[0] > hits[1] + 0.05
