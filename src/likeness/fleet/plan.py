"""How many workers a fleet has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """Between `least` and `most` workers, for each of which the cluster keeps so many `cpus` and
    `gpus`. Workers are added when a job has waited for `patience` seconds, and taken away when none
    has waited for `calm` seconds."""

    least: int
    most: int
    cpus: float
    gpus: float
    patience: float
    calm: float

    @property
    def bundle(self) -> dict[str, float]:
        """What one worker takes of a cluster, as Ray counts it."""
        needs = {"CPU": self.cpus, "GPU": self.gpus}
        return {name: amount for name, amount in needs.items() if amount}


@dataclass(frozen=True)
class Load:
    """How many jobs wait, for how many seconds the first of them has, and how many workers are at
    work."""

    waiting: int
    oldest: float
    busy: int


@dataclass
class Scale:
    """How many workers are wanted, from one look at the queue to the next."""

    plan: Plan
    _calm_since: float | None = field(default=None, init=False)

    def wanted(self, load: Load, have: int, ready: int, now: float) -> int:
        """`have` workers there are, of which `ready` have a machine; `now` in seconds.

        Where jobs wait too long, one more for each of them, but no more than twice as many as there
        are: those may be enough. While some wait for a machine, no more are asked for.
        """
        plan = self.plan
        if load.waiting:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        wanted = have
        if load.waiting and load.oldest >= plan.patience and ready >= have:
            wanted = have + min(load.waiting, max(1, have))
        elif self._calm_since is not None and now - self._calm_since >= plan.calm:
            wanted = min(have, load.busy)
        return min(max(wanted, plan.least), plan.most)


def fitting(resources: Mapping[str, float], cpus: float, gpus: float) -> int:
    """How many workers fit into so many `resources` of a cluster, at least one."""
    rooms = [
        math.floor(resources.get(name, 0.0) / amount)
        for name, amount in (("CPU", cpus), ("GPU", gpus))
        if amount
    ]
    return max(1, min(rooms, default=1))
