"""What a simulated fleet is given, its workers, and what comes of it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.crowd import Kind

from likeness.work.worker import AT_HAND

Beside = Literal["shared", "turns"]


@dataclass(frozen=True)
class Times:
    """Seconds: of a generation whose adapter is at hand, of what is added for each that is drawn
    with it, and where the adapter is not at hand; of a training alone on its device; of a claim."""

    generation: float
    more: float
    adapter: float
    training: float
    claim: float


@dataclass(frozen=True)
class Fleet:
    """So many workers; whether they take jobs of models at hand first, and how many at once; how a
    training goes beside pictures; the seconds between two looks of a worker without work."""

    workers: int
    affinity: bool
    batch: int
    beside: Beside
    poll: float


@dataclass
class Outcome:
    """What happened after the beginning, in `seconds`.

    `waits` are the seconds from a job's coming to its claim, `done` those to the end of a
    generation; for `misses` among them an adapter was loaded; `tries` counts looks for a job more,
    while some waited. `resting` and `training` are seconds of workers, all together, in which they
    had nothing to do but look, and had a training under way.
    """

    seconds: float = 0.0
    waits: dict[Kind, list[float]] = field(
        default_factory=lambda: {"generation": [], "training": []}
    )
    done: list[float] = field(default_factory=list[float])
    misses: int = 0
    tries: int = 0
    resting: float = 0.0
    training: float = 0.0
    left: int = 0


@dataclass
class Worker:
    """One worker: the models that it has at hand, when its training will be over, if it has one,
    until when that has the device to itself; and since when it has had nothing to do, at which
    moment within `poll` it looks, and how often it has slept so far."""

    at_hand: deque[str] = field(default_factory=lambda: deque[str](maxlen=AT_HAND))
    trained_at: float | None = None
    turn_ends: float = 0.0
    asleep_since: float | None = None
    phase: float = 0.0
    naps: int = 0
