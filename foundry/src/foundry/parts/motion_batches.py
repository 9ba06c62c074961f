"""What each step of the transformer of clips learns from: all of it that needs no network."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from threading import Lock

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from foundry.clip_latents import ClipLatents
from foundry.conditions import conditions_of
from foundry.footage import Footage
from foundry.mirror import mirrored
from foundry.networks.requests import request_tokens
from foundry.parts.motion_recipe import MotionRecipe
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.training.noise import of_step

OLD = 0.1
"""How often a clip in which nothing is new is seen, where the mean of all is seen once."""

GIVEN = 2
"""Frames at the beginning of each window that are as they should be."""


@dataclass(frozen=True)
class MotionBatch:
    """Of n clips: what goes into the transformer (`inputs`, and the captions as `tokens`, of which
    those count that are `read`), and `clean` latents."""

    inputs: Tensor
    tokens: Tensor
    read: Tensor
    clean: Tensor

    @property
    def aim(self) -> Tensor:
        """What is to be taken away from guides, (n, channels, frames, side, side)."""
        return self.inputs[:, : self.clean.shape[1]] - self.clean

    @property
    def new(self) -> Tensor:
        """How much of guides was never seen, (n, frames, side, side)."""
        return 1 - self.inputs[:, self.clean.shape[1]]

    def to(self, device: torch.device) -> "MotionBatch":
        """The same on a device; what is pinned gets there while the caller goes on."""
        return self._each(lambda one: one.to(device, non_blocking=True))

    def pinned(self) -> "MotionBatch":
        """The same where a GPU fetches it by itself."""
        return self._each(Tensor.pin_memory)

    def _each(self, change: Callable[[Tensor], Tensor]) -> "MotionBatch":
        return MotionBatch(**{one.name: change(getattr(self, one.name)) for one in fields(self)})


class MotionBatches:
    """Makes the batch of any step, in any thread."""

    def __init__(
        self,
        recipe: MotionRecipe,
        data: Footage,
        latents: ClipLatents,
        tokenizer: PreTrainedTokenizerFast,
    ) -> None:
        self._recipe = recipe
        self._records = data.records
        self._latents = latents
        self._tokenizer = tokenizer
        self._reading = Lock()  # a tokenizer is changed by how it is asked
        news = latents.news().mean(axis=1)
        often = news / max(float(news.mean()), 1e-6) + OLD
        self._often = often / often.sum()

    def __call__(self, step: int) -> MotionBatch:
        recipe = self._recipe
        rng, _ = of_step(recipe.plan.seed, step)
        count = recipe.plan.batch
        chosen = rng.choice(len(self._records), size=count, p=self._often)
        frames = self._frames(rng)
        mirrors = rng.random(count) < 0.5
        batch = self._latents.take(chosen, frames, mirrors)
        captions = self._captions(chosen, mirrors, rng)
        with self._reading:
            tokens, read = request_tokens(self._tokenizer, captions, recipe.words)
        return MotionBatch(
            inputs=conditions_of(batch.clean, batch.guide, batch.new, GIVEN),
            tokens=tokens,
            read=read,
            clean=batch.clean,
        )

    def _frames(self, rng: Generator) -> NDArray[np.int64]:
        """Which frames of each clip (n, window): the first, and some that follow each other."""
        window, count = self._recipe.window, self._recipe.plan.batch
        frames = np.zeros((count, window), np.int64)
        starts = rng.integers(self._latents.shape[1] - window + 2, size=count)
        frames[:, 1:] = starts[:, None] + np.arange(window - 1)
        return frames

    def _captions(
        self, chosen: NDArray[np.int64], mirrors: NDArray[np.bool_], rng: Generator
    ) -> list[str]:
        seeds = rng.integers(1 << 30, size=len(chosen)).tolist()
        takes = [self._records[index] for index in chosen]
        return [
            draw_motion_caption(
                take.person, take.photo, mirrored(take.motion) if mirror else take.motion, seed
            )
            for take, mirror, seed in zip(takes, mirrors, seeds, strict=True)
        ]
