"""How long jobs wait for a fleet, from one worker to a thousand: a simulation with measured times.

    PYTHONPATH=. .venv/bin/python benchmarks/fleet.py [--sizes 1 3 10 ...] [--loads 50 80 95]
    PYTHONPATH=. .venv/bin/python benchmarks/fleet.py --generation 6 --more 5 --adapter 1.5 \\
        --training 400

Without times it measures them first: a real server trains one person on mini and draws; the claim
and what the database pays for each deed are measured on the PostgreSQL of the tests in any case.
Each fleet gets work in proportion to its size: a load of 80 % is what would keep the devices busy
for 80 % of the time if every picture were drawn alone and its adapter loaded. It prints a line for
each fleet, with what it asks of the database, and draws the waiting times into --out.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from benchmarks.costs import Cost, measure_costs
from benchmarks.crowd import Habits, crowd
from benchmarks.demand import processors, rates_of
from benchmarks.postgres import set_durable
from benchmarks.service_times import measure_times
from benchmarks.simulation import Simulation
from benchmarks.waiting_plot import Row, draw_waiting
from benchmarks.workers import Beside, Fleet, Outcome, Times
from tests.support.stores import open_database

from likeness.settings import Settings
from likeness.store.migration import bring_up_to_date

SIZES = (1, 3, 10, 30, 100, 300, 1000)
LOADS = (50.0, 80.0, 95.0)
STEPS = 30
"""Of a generation, unless `--step` says how long one takes."""

TRAININGS = 20
"""A simulation lasts as long as so many trainings at least, after a third of that to begin."""

COLUMNS = (
    "workers",
    "load",
    "affinity",
    "generations wait",
    "are done",
    "trainings wait",
    "no load",
    "claims",
    "writes",
    "reads",
    "processors",
)
"""Waits are median and 99th percentile; `no load` is the share of generations for which no adapter
was loaded; the last four are the database's, in a second."""


def claim_costs() -> dict[str, Cost]:
    """What each deed costs PostgreSQL."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database("PostgreSQL", Path(folder)) as database,
    ):
        bring_up_to_date(database)
        print(set_durable(database))
        return measure_costs(database)


def rate_of(load: float, workers: int, times: Times, habits: Habits) -> float:
    """Generations a second that are such a load, with their trainings."""
    one = times.claim + times.generation + times.adapter
    return load * workers / (one + times.training / habits.generations)


def simulate(
    fleet: Fleet, times: Times, habits: Habits, load: float, least: int, seed: int
) -> Outcome:
    """One fleet under one load, for `least` generations at least."""
    rate = rate_of(load, fleet.workers, times, habits)
    seconds = max(TRAININGS * times.training, least / rate)
    wishes = crowd(habits, fleet.workers, rate, seed)
    return Simulation(fleet, times).run(wishes, seconds / 3, seconds)


def waits(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    median, late = np.percentile(seconds or [0.0], [50, 99])
    return float(median), float(late)


def tell(fleet: Fleet, load: float, outcome: Outcome, step: float, costs: dict[str, Cost]) -> Row:
    """Print a line."""
    row = Row(
        fleet.workers,
        load,
        fleet.affinity,
        waits(outcome.waits["generation"]),
        waits(outcome.done),
        waits(outcome.waits["training"]),
        1 - outcome.misses / max(1, len(outcome.done)),
    )
    rates = rates_of(fleet, outcome, step)
    writes = sum(rates[deed] for deed in ("enqueue", "claim", "finish", "report", "beat"))
    values = (
        f"{fleet.workers}",
        f"{100 * load:.0f} %",
        "on" if fleet.affinity else "off",
        *(f"{one[0]:.2f}, {one[1]:.1f} s" for one in (row.generation, row.done, row.training)),
        f"{100 * row.at_hand:.0f} %",
        f"{rates['claim']:.1f}",
        f"{writes:.0f}",
        f"{rates['look'] + rates['check']:.0f}",
        f"{processors(rates, costs):.2f}",
    )
    print("| " + " | ".join(values) + " |", flush=True)
    return row


def times_here(given: argparse.Namespace, claim: float) -> tuple[Times, Beside]:
    """Service times, measured unless they are given, and how a training goes beside pictures."""
    if given.generation is not None:
        more = given.generation if given.more is None else given.more
        times = Times(given.generation, more, given.adapter, given.training, claim)
        return times, given.beside or "shared"
    from likeness.engine.device import choose_device

    with tempfile.TemporaryDirectory() as folder:
        times = measure_times(given.base, Path(folder), claim)
    return times, given.beside or ("turns" if choose_device("auto").type == "cpu" else "shared")


def main(given: argparse.Namespace) -> None:
    """Print the figures and draw the plot."""
    costs = claim_costs()
    for name, cost in costs.items():
        print(f"  {name:8} {cost}")
    times, beside = times_here(given, costs["claim"].p50)
    habits = Habits(
        given.accounts, Habits.slope, given.people, given.burst, given.generations_per_training
    )
    step = given.step or times.generation / STEPS
    said = (
        f"generation {times.generation:.2f} s, with others {times.more:.2f} s, "
        f"adapter {times.adapter:.2f} s, training {times.training:.0f} s, "
        f"claim {1e3 * times.claim:.1f} ms, {habits.generations:g} generations for each training, "
        f"{given.batch} at once at most, {beside}"
    )
    print(f"{said}, a step {step:.2f} s\n{habits}\n\n| {' | '.join(COLUMNS)} |")
    print("|" + len(COLUMNS) * "---|", flush=True)
    rows: list[Row] = []
    began = time.monotonic()
    for load in given.loads:
        for workers in given.sizes:
            for affinity in (True, False):
                fleet = Fleet(workers, affinity, given.batch, beside, given.poll)
                outcome = simulate(fleet, times, habits, load / 100, given.jobs, given.seed)
                rows.append(tell(fleet, load / 100, outcome, step, costs))
    draw_waiting(rows, said, given.out)
    print(f"drawn into {given.out}; simulated in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--loads", type=float, nargs="+", default=LOADS, help="in %%")
    parser.add_argument("--jobs", type=int, default=100_000, help="generations at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--base", default="mini", help="whose times are measured")
    parser.add_argument("--generation", type=float, help="seconds, with --adapter and --training")
    parser.add_argument("--more", type=float, help="seconds of one more at once; else as many")
    parser.add_argument("--adapter", type=float, help="seconds")
    parser.add_argument("--training", type=float, help="seconds")
    parser.add_argument("--step", type=float, help="seconds; else a thirtieth of a generation")
    parser.add_argument("--beside", choices=("shared", "turns"))
    parser.add_argument("--batch", type=int, default=Settings.model_fields["batch"].default)
    parser.add_argument("--poll", type=float, default=Settings.model_fields["poll"].default)
    parser.add_argument("--accounts", type=int, default=Habits.accounts, help="for each worker")
    parser.add_argument("--people", type=int, default=Habits.people, help="of an account")
    parser.add_argument("--burst", type=float, default=Habits.burst, help="generations at once")
    parser.add_argument(
        "--generations-per-training", type=float, default=Habits.generations, metavar="N"
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images/fleet-waiting.png"))
    options = parser.parse_args()
    if len({options.generation is None, options.adapter is None, options.training is None}) > 1:
        parser.error("--generation, --adapter and --training go together")
    main(options)
