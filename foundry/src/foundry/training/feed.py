"""Batches that are made while the network is busy with the ones before."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

B = TypeVar("B")


class Feed(Generic[B]):
    """Gives the batch of each step; those of the `ahead` next steps are made meanwhile, by as many
    threads. With 0 each is made when it is asked for."""

    def __init__(self, make: Callable[[int], B], ahead: int) -> None:
        self._make = make
        self._ahead = ahead
        self._pool = ThreadPoolExecutor(ahead, "feed") if ahead else None
        self._coming: deque[tuple[int, Future[B]]] = deque()

    def __call__(self, step: int) -> B:
        if self._pool is None:
            return self._make(step)
        if not self._coming or self._coming[0][0] != step:
            self._coming.clear()
        for later in range(step + len(self._coming), step + self._ahead + 1):
            self._coming.append((later, self._pool.submit(self._make, later)))
        return self._coming.popleft()[1].result()
