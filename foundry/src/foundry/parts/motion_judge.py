"""Training what tells which movements are in a clip, on people that no other part has seen."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from foundry.dataset import Pixels
from foundry.footage import Footage
from foundry.judge import Judge, Opinion
from foundry.mirror import in_a_mirror
from foundry.networks.motion_judge import MotionJudge, seen_in
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained
from foundry.training.noise import of_step
from likeness.engine.acting.motion import KINDS
from likeness.engine.weights import load_weights

FILE = "motion-judge.safetensors"
SEEN = "seen.npy"
AT_ONCE = 32
"""Clips whose frames are in memory at a time."""

MIRRORED = [KINDS.index(in_a_mirror(kind)) for kind in KINDS]
"""Of each of KINDS, the place of that which it is in a mirror."""


class MotionJudgeRecipe(Recipe):
    plan: Plan


class MotionJudgeTask:
    plain = ("answer_heads",)

    def __init__(self, recipe: MotionJudgeRecipe, data: Footage, seen: NDArray[np.float32]) -> None:
        """`seen` is what `look_at_all` found in the footage."""
        torch.manual_seed(recipe.plan.seed)
        self.network = MotionJudge()
        self._recipe = recipe
        self._seen = torch.from_numpy(seen).flatten(0, 1)
        kinds = torch.tensor(
            [[kind in take.motion.kinds for kind in KINDS] for take in data.records]
        )
        self._kinds = torch.cat([kinds, kinds[:, MIRRORED]]).float()

    def losses(self, step: int) -> dict[str, Tensor]:
        plan = self._recipe.plan
        rng, _ = of_step(plan.seed, step)
        chosen = torch.from_numpy(rng.integers(len(self._seen), size=plan.batch))
        torch.manual_seed(step)  # of the dropout
        said, known = self.network(self._seen[chosen]), self._kinds[chosen]
        loss = binary_cross_entropy_with_logits(said, known, reduction="none").sum(dim=1).mean()
        there = known.any(dim=1)
        right = known.gather(1, said.argmax(dim=1, keepdim=True))[there].mean()
        return {"loss": loss, "right": right}

    def sheet(self) -> None:
        """There is nothing to look at."""


def look_at_all(judge: Judge, data: Footage, run: Path) -> NDArray[np.float32]:
    """What the judge sees in all clips as they are, and in a mirror, (2, clips, frames, numbers);
    kept in the run's folder."""
    path = run / SEEN
    if not path.exists():
        starts = tqdm(range(0, len(data), AT_ONCE), desc="looking", mininterval=5)
        seen: list[Tensor] = []
        for start in starts:
            clips = data.clips(np.arange(start, min(start + AT_ONCE, len(data))))
            ways = clips, np.ascontiguousarray(clips[:, :, :, ::-1])
            seen.append(torch.stack([look(judge, way) for way in ways]))
        np.save(path, torch.cat(seen, dim=1).numpy())
    return np.load(path)


def look(judge: Judge, clips: Pixels) -> Tensor:
    """Clips (n, frames, side, side, 3) as `MotionJudge` takes them."""
    return as_rows(judge.look(clips.reshape(-1, *clips.shape[2:])), clips.shape[1])


def as_rows(opinion: Opinion, frames: int) -> Tensor:
    """The same of what the judge has said of clips of so many frames, one after another."""

    def by_clip(values: NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(values).unflatten(0, (-1, frames))

    return seen_in(*(by_clip(one) for one in (opinion.places, opinion.landmarks, opinion.yaw)))


def load_motion_judge(folder: Path) -> MotionJudge:
    """The network of a run, or an exported one."""
    network = MotionJudge()
    if (folder / FILE).exists():
        load_weights(network, folder / FILE)
    else:
        load_trained(network, folder)
    return network.eval()
