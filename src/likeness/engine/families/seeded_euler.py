"""diffusers' scheduler for flow matching, with each sample's own noise at stochastic steps."""

from collections.abc import Sequence
from typing import Any

from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)
from torch import Generator


class SeededEuler(FlowMatchEulerDiscreteScheduler):
    """`stochastic_sampling`: each step goes all the way to the picture and back with new noise.

    Pipelines let that noise come from the process's own generator: a seed would mean another
    picture beside others, and another at the next call. Here `generators`, one for each sample,
    draw it.
    """

    generators: Sequence[Generator] = ()

    def step(self, *inputs: Any, **options: Any) -> Any:
        """As diffusers' own, which takes a generator for each sample, and declares one."""
        return super().step(*inputs, **options | {"generator": list(self.generators)})
