"""Drawing latents with a flow-matching transformer, for sheets during training."""

from collections.abc import Callable

import torch
from torch import Tensor

Predict = Callable[[Tensor, Tensor], Tensor]


def sample(predict: Predict, noise: Tensor, steps: int) -> Tensor:
    """Euler steps of equal length from noise (time 0) to a picture (time 1).

    `predict(noisy, time)` gives clean − noise.
    """
    state = noise
    for step in range(steps):
        time = torch.full((len(noise),), step / steps, device=noise.device)
        state = state + predict(state, time).float() / steps
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
