"""Drawing latents with a flow-matching transformer, for sheets during training."""

from collections.abc import Callable
from typing import Any

import numpy as np
from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)
from torch import Generator, Tensor

Predict = Callable[[Tensor, Tensor], Tensor]


def build_scheduler() -> FlowMatchEulerDiscreteScheduler:
    """The exported base's: its steps go all the way to the picture and back with new noise, and
    are closer together near noise (of the noise left, 3 n / (1 + 2 n) instead of n).

    Euler's own steps keep what a small network gets wrong on the way; after new noise, later steps
    mend it.
    """
    return FlowMatchEulerDiscreteScheduler(shift=3.0, stochastic_sampling=True)


def sample(predict: Predict, noise: Tensor, steps: int, generator: Generator) -> Tensor:
    """From noise (time 0) to a picture (time 1); `predict(noisy, time)` gives clean − noise."""
    scheduler: Any = build_scheduler()  # diffusers declares other kinds of tensors
    scheduler.set_timesteps(sigmas=np.linspace(1, 1 / steps, steps), device=noise.device)
    state = noise
    for moment in scheduler.timesteps:
        time = (1 - moment / scheduler.config.num_train_timesteps).expand(len(noise))
        towards_noise = -predict(state, time).float()
        state = scheduler.step(towards_noise, moment, state, generator=generator).prev_sample
    return state


def guided(predict: Predict, guidance: float) -> Predict:
    """Classifier-free guidance as diffusers counts it for Z-Image: 0 is off.

    `predict` gets every sample twice: first all of those that follow the prompt, then those that
    follow none.
    """

    def both(noisy: Tensor, time: Tensor) -> Tensor:
        with_text, without = predict(noisy.repeat(2, 1, 1, 1), time.repeat(2)).chunk(2)
        return with_text + guidance * (with_text - without)

    return both
