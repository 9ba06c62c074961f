"""Batches come in time, in order, and whatever step is asked for."""

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundry.training.feed import Feed


@given(st.integers(0, 4), st.lists(st.integers(0, 20), max_size=12))
def test_each_step_has_its_own_batch(ahead: int, steps: Sequence[int]) -> None:
    feed = Feed(lambda step: step * step, ahead)

    assert [feed(step) for step in steps] == [step * step for step in steps]


def test_the_next_are_made_meanwhile_and_each_once() -> None:
    made: list[int] = []
    third = threading.Event()

    def make(step: int) -> int:
        made.append(step)
        if step == 3:
            third.set()
        return step

    feed = Feed(make, 3)

    assert feed(0) == 0
    assert third.wait(10), "nobody has asked for it"
    assert [feed(step) for step in range(1, 6)] == [1, 2, 3, 4, 5]
    assert sorted(made)[:6] == [0, 1, 2, 3, 4, 5] and len(made) == len(set(made))


@pytest.mark.parametrize("ahead", [0, 2])
def test_what_goes_wrong_is_told_at_its_step(ahead: int) -> None:
    def make(step: int) -> int:
        if step == 1:
            raise ValueError("no such batch")
        return step

    feed = Feed(make, ahead)

    assert feed(0) == 0
    with pytest.raises(ValueError, match="no such batch"):
        feed(1)
