"""The exponential average of a network's weights."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Averages over about the last `half_life` steps; 0 means: no average, the weights."""

    def __init__(self, network: nn.Module, half_life: int) -> None:
        self._network = network
        self._half_life = half_life
        self._weights = [p.detach().clone() for p in network.parameters()] if half_life else []

    @torch.no_grad()
    def update(self, step: int) -> None:
        if not self._half_life:
            return
        # Early on, an average over a tenth of the way: the start is soon forgotten.
        half_life = min(self._half_life, max(1.0, step / 10))
        keep = 0.5 ** (1 / half_life)
        for average, weight in zip(self._weights, self._network.parameters(), strict=True):
            average.lerp_(weight.detach(), 1 - keep)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the network have the averaged weights meanwhile."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for average, weight in zip(self._weights, self._network.parameters(), strict=False):
            kept = weight.detach().clone()
            weight.copy_(average)
            average.copy_(kept)

    def state_dict(self) -> list[Tensor]:
        return self._weights

    def load_state_dict(self, weights: list[Tensor]) -> None:
        for mine, saved in zip(self._weights, weights, strict=True):
            mine.copy_(saved)
