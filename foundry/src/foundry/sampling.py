"""Drawing latents with a flow-matching transformer, for sheets during training."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

Predict = Callable[[Tensor, Tensor], Tensor]

# Steps are closer together near noise: of the noise left, 3 n / (1 + 2 n) instead of n.
SHIFT = 3.0


def sample(predict: Predict, noise: Tensor, steps: int, generator: Generator) -> Tensor:
    """Stochastic steps from noise (time 0) to a picture (time 1), as the exported base takes them:
    each goes all the way to the picture and back with new noise.

    `predict(noisy, time)` gives clean − noise. Euler's own steps keep what a small network gets
    wrong on the way; after new noise, later steps mend it.
    """
    state = noise
    for step in range(steps):
        now, then = (_left(at / steps) for at in (step, step + 1))
        time = torch.full((len(noise),), 1 - now, device=noise.device)
        picture = state + now * predict(state, time).float()
        new = torch.randn(noise.shape, generator=generator).to(noise.device)
        state = (1 - then) * picture + then * new
    return state


def _left(done: float) -> float:
    """The share of noise that is left when a share of the steps is done."""
    left = 1 - done
    return SHIFT * left / (1 + (SHIFT - 1) * left)


def guided(predict: Predict, guidance: float) -> Predict:
    """Classifier-free guidance as diffusers counts it for Z-Image: 0 is off.

    `predict` gets every sample twice: first all of those that follow the prompt, then those that
    follow none.
    """

    def both(noisy: Tensor, time: Tensor) -> Tensor:
        with_text, without = predict(noisy.repeat(2, 1, 1, 1), time.repeat(2)).chunk(2)
        return with_text + guidance * (with_text - without)

    return both
