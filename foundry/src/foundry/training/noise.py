"""Random numbers of a step: from the plan's seed and the step's number, and nothing else."""

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor


def of_step(seed: int, step: int) -> tuple[Generator, torch.Generator]:
    """Generators for choices and for noise; the latter on the CPU, so that devices agree."""
    numbers = np.random.SeedSequence([seed, step]).generate_state(2, np.uint64)
    return np.random.default_rng(int(numbers[0])), torch.Generator().manual_seed(
        int(numbers[1] >> 1)
    )


def spread(rng: Generator, count: int) -> Tensor:
    """Numbers in 0..1, one at random in each of `count` equal parts."""
    return torch.from_numpy((np.arange(count) + rng.random(count)) / count)
