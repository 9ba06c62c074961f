"""Drawing typed values from a seed."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.random import Generator

T = TypeVar("T")


def pick(rng: Generator, choices: Mapping[T, float] | Sequence[T]) -> T:
    """One of `choices`, by weight if it is a mapping, else with equal odds."""
    if isinstance(choices, Mapping):
        names = list(choices)
        weights = np.fromiter(choices.values(), float)
        return names[int(rng.choice(len(names), p=weights / weights.sum()))]
    return choices[int(rng.integers(len(choices)))]


def between(rng: Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))
