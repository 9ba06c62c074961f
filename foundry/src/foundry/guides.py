"""Guides of footage: what the rig makes of each clip's first frame, when it moves as the clip does.

A transformer that is given them need not find out where everything goes, but what that looks like.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from foundry.dataset import Pixels
from foundry.footage import GUIDES, Footage, Take
from foundry.shards import in_processes
from likeness.bases import find_part
from likeness.engine.acting.moments import clip_moments
from likeness.engine.figure import FigureReader, shipped_figures
from likeness.engine.head_fit import HeadFit
from likeness.engine.outline import within_outline
from likeness.engine.puppet import Puppet, Shot
from likeness.engine.rig import Rig


def write_guides(folder: Path, workers: int) -> None:
    """Write those that are missing beside the shards of a folder of footage: start it again after
    it was killed. Raises BadFootage."""
    Footage.open(folder)
    records = sorted(folder.glob("*.jsonl"))
    missing = [path for path in records if not path.with_suffix(GUIDES).exists()]
    in_processes(_write_shard, missing, workers)


def _write_shard(records: Path) -> None:
    torch.set_num_threads(1)  # each process has a core
    rig, figures = Rig.load(find_part("rig")), shipped_figures()
    takes = [Take.model_validate_json(line) for line in records.read_text().splitlines()]
    shard = np.load(records.with_suffix(".npy"), mmap_mode="r")
    guides = [guide_of(rig, figures, take, clip) for take, clip in zip(takes, shard, strict=True)]
    unfinished = records.with_suffix(".unfinished.npy")
    np.save(unfinished, np.stack(guides))
    unfinished.rename(records.with_suffix(GUIDES))


def guide_of(rig: Rig, figures: FigureReader, take: Take, clip: Pixels) -> Pixels:
    """The guide of a clip (frames, side, side, 4): colours, and how much of each pixel is new."""
    shots = shots_of(rig, figures, take, clip)
    new = np.stack([np.rint(255 * shot.unseen).astype(np.uint8) for shot in shots])
    return np.concatenate([np.stack([shot.picture for shot in shots]), new[..., None]], axis=-1)


def shots_of(rig: Rig, figures: FigureReader, take: Take, clip: Pixels) -> list[Shot]:
    """What the rig makes of a clip's first frame, frame by frame; that itself at first."""
    landmarks = np.array(take.landmarks[0]) * clip.shape[1]
    fit = HeadFit.on(rig, landmarks, take.yaw[0], take.photo.expression)
    first = np.ascontiguousarray(clip[0])
    rig, fit = within_outline(rig, fit, landmarks, figures, first)
    puppet = Puppet(rig, figures, fit, first)
    start, *moments = [puppet.at(moment) for moment in clip_moments(fit.start, take.motion)]
    return [replace(start, picture=clip[0]), *moments]
