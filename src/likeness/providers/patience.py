"""Asking again, after a pause that grows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from likeness.providers.errors import ProviderBusy

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """How long a provider is waited for: `tries` at one request, with pauses between them from
    `first_pause` on, doubled up to `longest_pause`; `seconds` for one answer; `poll` between two
    looks at a task. All in seconds."""

    tries: int = 4
    first_pause: float = 1.0
    longest_pause: float = 30.0
    seconds: float = 300.0
    poll: float = 4.0


async def patiently(
    ask: Callable[[], Awaitable[Answer]], patience: Patience, *, careful: bool = False
) -> Answer:
    """Ask until there is an answer, or raise the last `ProviderBusy`.

    `careful` does not ask again for what the provider may have taken, and so would make and charge
    for twice.
    """
    pause = patience.first_pause
    for left in reversed(range(patience.tries)):
        try:
            return await ask()
        except ProviderBusy as busy:
            if not left or (careful and busy.taken):
                raise
            wanted = pause if busy.pause is None else busy.pause
            await asyncio.sleep(min(wanted, patience.longest_pause))
            pause *= 2
    raise AssertionError("there is at least one try")
