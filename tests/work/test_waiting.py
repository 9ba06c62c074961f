"""Waiting for what is done elsewhere."""

import asyncio

import pytest

from likeness.jobs.queue import ClaimLost
from likeness.work.waiting import TookTooLong, wait_for


class Work:
    """Something that never ends by itself."""

    def __init__(self) -> None:
        self.broken_off = False

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.broken_off = True


def test_the_result() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "made"

    assert wait_for(work(), lambda: None, deadline=60) == "made"


def test_an_error() -> None:
    async def work() -> None:
        raise KeyError("why")

    with pytest.raises(KeyError, match="why"):
        wait_for(work(), lambda: None, deadline=60)


def test_a_claim_that_is_lost() -> None:
    work, looks = Work(), iter(range(2))

    def report() -> None:
        if next(looks, None) is None:
            raise ClaimLost

    with pytest.raises(ClaimLost):
        wait_for(work.run(), report, deadline=60)
    assert work.broken_off


def test_a_deadline() -> None:
    work = Work()

    with pytest.raises(TookTooLong, match=r"longer than its deadline of 0\.1 s"):
        wait_for(work.run(), lambda: None, deadline=0.1)
    assert work.broken_off
