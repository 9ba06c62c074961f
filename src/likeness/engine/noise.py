"""The noise that pictures start from."""

from collections.abc import Sequence

import torch
from torch import Tensor


def draw_noise(seeds: Sequence[int], shape: tuple[int, int, int]) -> Tensor:
    """Standard normal noise (seeds, *shape) in float32 on the CPU.

    Each sample has a generator of its own, so a seed means the same noise on every device and in
    every batch.
    """
    return torch.stack(
        [torch.randn(shape, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    )
