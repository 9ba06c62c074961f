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
from foundry.conditions import Conditions
from foundry.emphasis import around
from foundry.footage import Footage
from foundry.networks.motion_questions import shown
from foundry.networks.requests import request_tokens
from foundry.parts.motion_recipe import MotionRecipe
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.training.noise import of_step, spread

# Of a frame that is given, all that is to be learned is to copy it.
GIVEN = 0.2
# As far from the first frame as this, in shares of white, is moved for good.
MOVED = 0.1


@dataclass(frozen=True)
class MotionBatch:
    """Of n clips: what goes into the transformer (`inputs`, `left`: how much of it is noise, and
    the captions as `tokens`, of which those count that are `read`), where it should come out
    (`aim`), how much that weighs (`weights`) and how far pixels have `moved`, (n, frames, side,
    side); and what there is to ask (`shown`, `yaw`, `landmarks`)."""

    inputs: Tensor
    left: Tensor
    tokens: Tensor
    read: Tensor
    aim: Tensor
    weights: Tensor
    moved: Tensor
    shown: Tensor
    yaw: Tensor
    landmarks: Tensor

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
        self._shown = torch.tensor([shown(record) for record in self._records])
        self._yaw = torch.tensor([record.yaw for record in self._records])
        self._landmarks = torch.tensor([record.landmarks for record in self._records])
        faces = np.array([record.face for record in self._records], np.float32)
        emphasis = around(faces, latents.shape[-1], recipe.face_weight)
        self._emphasis = emphasis.astype(np.float16)

    def __call__(self, step: int) -> MotionBatch:
        recipe = self._recipe
        rng, generator = of_step(recipe.plan.seed, step)
        count = recipe.plan.batch
        chosen = rng.integers(len(self._records), size=count)
        frames = self._frames(rng)
        batch = self._latents.take(chosen, frames)
        given = self._given(rng, frames)
        guided = torch.from_numpy(rng.random(count) >= recipe.unguided)
        noise = torch.randn(batch.clean.shape, generator=generator)
        left = draw_noise(recipe, rng)
        share = left.view(-1, 1, 1, 1, 1)
        grey = self._latents.grey
        conditions = Conditions.of(batch.clean, batch.guide, grey, given, guided)
        begun = conditions.begun(noise, recipe.noise)
        noisy = (1 - share) * batch.clean + share * begun
        captions = self._captions(chosen, rng)
        with self._reading:
            tokens, read = request_tokens(self._tokenizer, captions, recipe.words)
        moved = batch.moved[:, 0]
        return MotionBatch(
            inputs=conditions.joined(noisy),
            left=left,
            tokens=tokens,
            read=read,
            aim=begun - batch.clean,
            weights=self.weights(chosen, frames, given, moved),
            moved=moved,
            shown=self._shown[chosen],
            yaw=self._yaw[chosen[:, None], frames],
            landmarks=self._landmarks[chosen[:, None], frames],
        )

    def _frames(self, rng: Generator) -> NDArray[np.int64]:
        """Which frames of each clip (n, window): the first, and some that follow each other."""
        window, count = self._recipe.window, self._recipe.plan.batch
        frames = np.zeros((count, window), np.int64)
        starts = rng.integers(1, self._latents.shape[1] - window + 2, size=count)
        frames[:, 1:] = starts[:, None] + np.arange(window - 1)
        return frames

    def _given(self, rng: Generator, frames: NDArray[np.int64]) -> Tensor:
        """Which of them are known (n, window)."""
        given = frames == 0
        given[:, -1] |= rng.random(len(frames)) < self._recipe.both
        given[:, 1] |= (frames[:, 1] > 1) & (rng.random(len(frames)) < self._recipe.before)
        return torch.from_numpy(given)

    def weights(
        self, chosen: NDArray[np.int64], frames: NDArray[np.int64], given: Tensor, moved: Tensor
    ) -> Tensor:
        """(n, frames, side, side), with a mean of 1 in each clip."""
        weights = torch.from_numpy(self._emphasis[chosen[:, None], frames]).float()
        weights = weights * (1 + self._recipe.moving_weight * (moved / MOVED).clamp(max=1))
        weights[given] *= GIVEN
        return weights / weights.mean(dim=(1, 2, 3), keepdim=True)

    def _captions(self, chosen: NDArray[np.int64], rng: Generator) -> list[str]:
        seeds = rng.integers(1 << 30, size=len(chosen)).tolist()
        silent = rng.random(len(chosen)) < self._recipe.unprompted
        takes = [self._records[index] for index in chosen]
        return [
            "" if nothing else draw_motion_caption(take.person, take.photo, take.motion, seed)
            for take, seed, nothing in zip(takes, seeds, silent, strict=True)
        ]


def draw_noise(recipe: MotionRecipe, rng: Generator) -> Tensor:
    """Noise of a batch, spread evenly: errors differ more by noise than by clip."""
    count = recipe.plan.batch
    uniform = round(count * recipe.uniform)
    normal = torch.special.ndtri(spread(rng, count - uniform)).sigmoid()
    share = torch.cat([spread(rng, uniform), normal])[torch.from_numpy(rng.permutation(count))]
    left = recipe.shift * share / (1 + (recipe.shift - 1) * share)
    return left.float().clamp(0.001, 0.999)
