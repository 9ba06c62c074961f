"""Drawing for several attempts at once: each gets what it asked for, whatever becomes of others."""

from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from likeness.engine.sampling import Reference, SampleRequest
from likeness.work.batch import Attempt, OnStep, Wish, make_together

STEPS = 4

name: ContextVar[str] = ContextVar("name")


class Cancelled(Exception):
    """What a job hears that was cancelled."""


class Painter:
    """Draws pictures that are as wide as their seeds say, and remembers what was asked for."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked: list[tuple[Path | None, SampleRequest]] = []
        self.steps = 0

    def __call__(
        self, request: SampleRequest, adapter: Path | None, on_step: OnStep
    ) -> list[Image.Image]:
        self.asked.append((adapter, request))
        for step in range(STEPS):
            on_step(step + 1, STEPS)
            self.steps += 1
        if self.error:
            raise self.error
        return [Image.new("RGB", (seed, 1)) for seed in request.seeds]


class Life:
    """An attempt that wants pictures of these seeds; at step `ends_at` it hears that it is over."""

    def __init__(
        self, seeds: Sequence[int], adapter: str = "a", side: int = 64, ends_at: int = STEPS + 1
    ) -> None:
        self.seeds = tuple(seeds)
        self.adapter = Path(adapter)
        self.side = side
        self.ends_at = ends_at
        self.got: list[int] = []
        self.heard: list[int] = []
        self.error: Exception | None = None
        self.reference: Reference | None = None

    def live(self) -> Attempt:
        """The attempt."""
        name.set(str(self.seeds))
        request = SampleRequest(
            ("p",) * len(self.seeds), self.seeds, self.side, self.side, reference=self.reference
        )
        try:
            pictures = yield Wish(request, self.adapter, self._on_step)
        except (Cancelled, MemoryError) as error:
            self.error = error
            return
        assert name.get() == str(self.seeds), "each is told apart in the log"
        self.got = [picture.width for picture in pictures]

    def _on_step(self, step: int, _: int) -> None:
        assert name.get() == str(self.seeds)
        self.heard.append(step)
        if step >= self.ends_at:
            raise Cancelled


lives = st.builds(
    Life,
    st.lists(st.integers(1, 50), min_size=1, max_size=3),
    st.sampled_from("ab"),
    st.sampled_from([64, 128]),
    st.integers(1, 2 * STEPS),
)


@given(st.lists(lives, min_size=1, max_size=6))
def test_each_gets_its_own_and_no_other_is_in_its_way(crowd: list[Life]) -> None:
    painter = Painter()
    make_together([one.live() for one in crowd], painter)
    for one in crowd:
        over = one.ends_at <= STEPS
        assert isinstance(one.error, Cancelled) == over
        assert one.got == ([] if over else list(one.seeds))
        assert one.heard == list(range(1, min(one.ends_at, STEPS) + 1))
    kinds = {(one.adapter, one.side) for one in crowd}
    assert {(adapter, request.width) for adapter, request in painter.asked} == kinds
    assert len(painter.asked) == len(kinds), "what is alike is drawn at once"


def test_nothing_is_drawn_for_nobody() -> None:
    painter = Painter()
    make_together([Life([1], ends_at=2).live(), Life([2], ends_at=1).live()], painter)
    assert painter.steps == 1, "it stopped when the last of both had gone"


def test_what_cannot_be_drawn_is_told_to_all_that_wanted_it() -> None:
    both = Life([1]), Life([2])
    make_together([one.live() for one in both], Painter(MemoryError()))
    assert [type(one.error) for one in both] == [MemoryError, MemoryError]


def test_what_begins_with_a_picture_is_drawn_alone() -> None:
    both = Life([1]), Life([2])
    for one in both:
        one.reference = Reference(Image.new("RGB", (8, 8)), 0.5)
    painter = Painter()
    make_together([one.live() for one in both], painter)
    assert len(painter.asked) == 2
    assert [one.got for one in both] == [[1], [2]]


def test_all_come_to_their_ends_before_an_error_is_raised() -> None:
    def broken() -> Attempt:
        yield from ()
        raise ConnectionError

    life = Life([3])
    with pytest.raises(ConnectionError):
        make_together([broken(), life.live()], Painter())
    assert life.got == [3]
