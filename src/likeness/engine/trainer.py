"""The training loop's body: one step of gradient descent after another."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor
from torch.optim import AdamW

from likeness.bases import TrainingRecipe
from likeness.engine.checkpoint import RunCard, TrainingState, load_checkpoint, save_checkpoint
from likeness.engine.device import fastest_dtype
from likeness.engine.examples import Examples
from likeness.engine.families.family import LoadedBase, Texts
from likeness.engine.lora import FreshLora

# The last of the cosine, as a share of the full rate: at 0 the last steps would be wasted.
LOWEST_RATE = 0.05


@dataclass(frozen=True)
class _Batch:
    """What the network is asked in one step, or in one share of it: sample by sample."""

    noisy: Tensor
    time: Tensor
    texts: Texts
    target: Tensor
    head: Tensor

    def share(self, samples: slice) -> "_Batch":
        return _Batch(
            self.noisy[samples],
            self.time[samples],
            self.texts[samples],
            self.target[samples],
            self.head[samples],
        )


class Trainer:
    """A LoRA in training on one person's examples.

    Every random draw comes from one generator on the CPU, whose state is part of the checkpoint.
    A step's batch is worked on in `shares` at once, each in a thread of its own: a small network
    leaves most of a second core idle when only its matrix products are split.
    """

    def __init__(
        self,
        loaded: LoadedBase,
        examples: Examples,
        recipe: TrainingRecipe,
        device: torch.device,
        shares: int = 1,
    ) -> None:
        self._loaded = loaded
        self._recipe = recipe
        self._device = device
        self._pool = ThreadPoolExecutor(shares, thread_name_prefix="share")
        bounds = [round(i * recipe.batch_size / shares) for i in range(shares + 1)]
        self._shares = [slice(*ends) for ends in pairwise(bounds)]
        self._latents = examples.latents.to(device)
        self._heads = examples.heads.to(device)
        self._texts = [text.to(device) for text in examples.texts]
        if recipe.gradient_checkpointing:
            loaded.checkpoint_gradients()
        self.lora = FreshLora(loaded, recipe)
        weights = self.lora.weights()
        self._state = TrainingState(
            weights=weights,
            optimizer=AdamW(
                weights.values(),
                lr=recipe.learning_rate,
                betas=(0.9, 0.99),
                weight_decay=recipe.weight_decay,
            ),
            generator=torch.Generator().manual_seed(recipe.seed),
            losses=[],
        )

    @property
    def step(self) -> int:
        """How many steps are done."""
        return self._state.step

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss of every step that is done."""
        return tuple(self._state.losses)

    def advance(self) -> None:
        """Do one step."""
        state, recipe = self._state, self._recipe
        for group in state.optimizer.param_groups:
            group["lr"] = recipe.learning_rate * rate_at(state.step, recipe)
        batch = self._draw()
        answers = list(self._pool.map(self._learn, [batch.share(part) for part in self._shares]))
        # Added up in one order, so that the sum has the same bits at every run.
        for index, weight in enumerate(state.weights.values()):
            weight.grad = torch.stack([gradients[index] for _, gradients in answers]).sum(0)
        torch.nn.utils.clip_grad_norm_(state.weights.values(), recipe.max_gradient)
        state.optimizer.step()
        state.optimizer.zero_grad()
        state.losses.append(sum(loss for loss, _ in answers))
        state.step += 1

    def save(self, file: Path, run: RunCard) -> Path:
        """Write a checkpoint and return its file."""
        save_checkpoint(file, run, self._state)
        return file

    def resume(self, file: Path, run: RunCard) -> None:
        """Go on from a checkpoint. Raises CheckpointUnreadable and CheckpointMismatch."""
        load_checkpoint(file, run, self._state)

    def _draw(self) -> _Batch:
        """Choose examples, moments and noise."""
        recipe, generator = self._recipe, self._state.generator
        size = recipe.batch_size
        chosen = torch.randint(len(self._latents), (size,), generator=generator)
        spread = torch.randn(size, generator=generator) * recipe.time_spread
        time = torch.sigmoid(spread + recipe.time_mean).to(self._device)
        texts = [self._texts[example] for example in chosen.tolist()]
        chosen = chosen.to(self._device)
        clean = self._latents[chosen]
        noise = torch.randn(clean.shape, generator=generator).to(self._device)
        return _Batch(
            noisy=self._loaded.noisy(clean, noise, time),
            time=time,
            texts=texts,
            target=self._loaded.target(clean, noise),
            head=self._heads[chosen],
        )

    def _learn(self, share: _Batch) -> tuple[float, tuple[Tensor, ...]]:
        """A share's part of the step's loss, and of its gradients."""
        recipe = self._recipe
        # Autocast holds for one thread, so each share enters it.
        with self._precision():
            predicted = self._loaded.predict(share.noisy, share.time, share.texts)
        weights = recipe.face_weight * share.head + recipe.background_weight * (1 - share.head)
        loss = (weights * (predicted - share.target) ** 2).mean()
        loss = loss * (len(share.noisy) / recipe.batch_size)
        return loss.item(), torch.autograd.grad(loss, list(self._state.weights.values()))

    def _precision(self) -> torch.autocast:
        dtype = fastest_dtype(self._device)
        return torch.autocast(self._device.type, dtype, enabled=dtype != torch.float32)


def rate_at(step: int, recipe: TrainingRecipe) -> float:
    """The learning rate of a step (0, 1, …), as a share of the recipe's: warm-up, then cosine."""
    warm = min(1.0, (step + 1) / (recipe.warmup_steps + 1))
    cosine = (1 + math.cos(math.pi * step / recipe.steps)) / 2
    return warm * (LOWEST_RATE + (1 - LOWEST_RATE) * cosine)
