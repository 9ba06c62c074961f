"""The noise that pictures are made from: a generator of its own for each seed, on the CPU, so that
a seed means the same noise on every device and in every batch."""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor


def generators_of(seeds: Sequence[int]) -> list[Generator]:
    """A fresh generator for each seed."""
    return [Generator().manual_seed(seed) for seed in seeds]


def draw_noise(generators: Sequence[Generator], shape: Sequence[int]) -> Tensor:
    """Standard normal noise (generators, *shape) in float32 on the CPU, the next of each."""
    return torch.stack([torch.randn(shape, generator=generator) for generator in generators])
