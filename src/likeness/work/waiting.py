"""Waiting for what is done elsewhere, while the job is told how it goes and may be cancelled."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

Result = TypeVar("Result")

INTERVAL = 0.5
"""Seconds between two looks whether the job is still ours."""


class TookTooLong(Exception):
    """The attempt was not done by its deadline; the message says so."""


def wait_for(
    work: Coroutine[None, None, Result], report: Callable[[], None], deadline: float
) -> Result:
    """Run `work` to its end, for `deadline` seconds at most, calling `report` all the while.

    When `report` raises, as it does when the job was cancelled, the work is broken off where it
    stands, its connections closed. Raises `TookTooLong`, and what `work` and `report` raise.
    """
    return asyncio.run(_watched(work, report, deadline))


async def _watched(
    work: Coroutine[None, None, Result], report: Callable[[], None], deadline: float
) -> Result:
    # What is not done when this returns is cancelled by `asyncio.run`, which waits for its end.
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    while not task.done():
        report()
        if loop.time() > end:
            raise TookTooLong(f"It took longer than its deadline of {deadline:g} s.")
        await asyncio.wait([task], timeout=INTERVAL)
    return task.result()
