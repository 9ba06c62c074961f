"""What a fleet asks of its database, by what the program does."""

from collections.abc import Mapping

from benchmarks.costs import Cost
from benchmarks.workers import Fleet, Outcome

from likeness.settings import Settings
from likeness.work.reporter import INTERVAL

Rates = Mapping[str, float]


def rates_of(fleet: Fleet, outcome: Outcome, step: float) -> Rates:
    """How often each deed is done in a second; `step` is the seconds between two steps of an
    attempt."""
    settings = Settings.model_fields
    lease: float = settings["lease"].default
    sweep: float = settings["sweep"].default
    jobs = sum(map(len, outcome.waits.values())) / outcome.seconds
    resting = outcome.resting / outcome.seconds
    running = fleet.workers - resting + outcome.training / outcome.seconds
    told = min(1 / INTERVAL, 1 / step)
    rounds = fleet.workers / sweep
    return {
        "enqueue": jobs,
        # A look for one job more, while some wait, does much of what a claim does.
        "claim": jobs + outcome.tries / outcome.seconds,
        "finish": jobs,
        "report": running * told,
        "check": running * (1 / step - told),
        # Who rests looks for trainings and for pictures, and who has done a job for a training
        # first. A round of the upkeep reads twice and writes twice.
        "look": 2 * resting / fleet.poll + jobs + 2 * rounds,
        "beat": 3 * fleet.workers / lease + 2 * rounds,
    }


def processors(rates: Rates, costs: Mapping[str, Cost]) -> float:
    """How many processors the database needs for it."""
    return sum(rate * costs[deed].server for deed, rate in rates.items())
