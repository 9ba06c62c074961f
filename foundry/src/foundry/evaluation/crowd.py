"""The base alone: does it follow prompts, and do its pictures look like renders as a crowd?"""

from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict
from tqdm import tqdm

from foundry.dataset import Dataset, Pixels
from foundry.evaluation.likeness import AT_ONCE, draw, followed
from foundry.evaluation.prompts import base_prompts
from foundry.evaluation.quality import frechet_distance
from foundry.judge import Judge
from foundry.portraits.caption import full_caption
from foundry.questions import QUESTIONS, UNSEEN, answer_table
from likeness.engine.sampling import Sampler


class CrowdFigures(BaseModel):
    """`followed`: the share of right answers by question for pictures of the base; `on_renders`:
    the judge's own share on held-out renders. `frechet`: base against held-out renders;
    `frechet_renders`: one half of the renders against the other. `pictures` of each.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    followed: dict[str, float]
    on_renders: dict[str, float]
    frechet: float
    frechet_renders: float
    pictures: int


def measure_crowd(
    sampler: Sampler, judge: Judge, data: Dataset, prompts: int, pictures: int, folder: Path
) -> CrowdFigures:
    """Draw `prompts` pictures for prompts with known answers and `pictures` for the captions of
    held-out renders, and judge both. Pictures drawn before in `folder` are not drawn again."""
    asked = base_prompts(prompts)
    painted = _painted(sampler, [one.prompt for one in asked], folder / "asked")
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(data))[: 2 * pictures]
    captions = [
        full_caption(data.entries[index].person, data.entries[index].photo)
        for index in chosen[:pictures]
    ]
    crowd = judge.look(_painted(sampler, captions, folder / "crowd"))
    real = judge.look(data.pictures(np.sort(chosen)))
    half = len(chosen) // 2
    mixed = rng.permutation(len(chosen))
    right = answer_table([data.entries[index] for index in np.sort(chosen)])
    seen = np.stack([real.probabilities[q].argmax(axis=1) for q in QUESTIONS], axis=1)
    counted = right != UNSEEN
    return CrowdFigures(
        followed=followed(judge.look(painted), asked),
        on_renders={
            question: float((seen == right)[counted[:, n], n].mean())
            for n, question in enumerate(QUESTIONS)
        },
        frechet=frechet_distance(crowd.features, real.features),
        frechet_renders=frechet_distance(real.features[mixed[:half]], real.features[mixed[half:]]),
        pictures=pictures,
    )


def _painted(sampler: Sampler, prompts: list[str], folder: Path) -> Pixels:
    """Pictures for prompts, eight at a time; an interrupted run goes on where it was."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[Pixels] = []
    for start in tqdm(range(0, len(prompts), AT_ONCE), desc=folder.name, mininterval=5):
        part = folder / f"{start:05d}.npy"
        if not part.exists():
            seeds = range(start, start + AT_ONCE)
            some = draw(sampler, prompts[start : start + AT_ONCE], None, seeds)
            unfinished = part.with_suffix(".part.npy")
            np.save(unfinished, some)
            unfinished.rename(part)
        parts.append(np.load(part))
    return np.concatenate(parts)
