"""Who asks for what, and when, in a simulation."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Literal

Kind = Literal["generation", "training"]


@dataclass(frozen=True)
class Habits:
    """How accounts behave.

    There are `accounts` for each worker of the fleet; the n-th largest asks 1 / n ** `slope` of
    what the largest one does. Each has `people` on average, the larger ones more. Generations come
    in bursts of one person, of `burst` on average, and so many of them for each training.
    """

    accounts: int = 30
    slope: float = 1.0
    people: int = 5
    burst: float = 4.0
    generations: float = 40.0


@dataclass(frozen=True)
class Wish:
    """`count` jobs of one model that an account asks for at one moment, in seconds."""

    moment: float
    kind: Kind
    account: str
    model: str
    count: int


def crowd(habits: Habits, workers: int, rate: float, seed: int) -> Iterator[Wish]:
    """Wishes without end, in the order of time: `rate` is how many generations are asked for in a
    second by all accounts together."""
    draw = random.Random(seed)
    accounts = habits.accounts * workers
    shares = [1 / (n + 1) ** habits.slope for n in range(accounts)]
    whole, up_to = sum(shares), list(accumulate(shares))
    people = [max(1, round(habits.people * accounts * share / whole)) for share in shares]
    bursts, trainings = rate / habits.burst, rate / habits.generations
    # A burst goes on after each job with this probability.
    more = 1 - 1 / habits.burst
    moment = 0.0
    while True:
        moment += draw.expovariate(bursts + trainings)
        number = draw.choices(range(accounts), cum_weights=up_to)[0]
        account, person = f"{number:06}", draw.randrange(people[number])
        model = f"{account}/{person}"
        if draw.random() < trainings / (bursts + trainings):
            yield Wish(moment, "training", account, model, 1)
        else:
            count = 1 + int(log(1 - draw.random()) / log(more)) if more > 0 else 1
            yield Wish(moment, "generation", account, model, count)
