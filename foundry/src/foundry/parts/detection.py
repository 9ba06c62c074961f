"""What the face detector should have said, and what it costs to say something else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, smooth_l1_loss

from foundry.parts.scenes import Labelled, Scene
from likeness.engine.face_network import Sightings, cell_middles

SPREAD = 0.18  # of the target around a face's centre, in sides of the face
DESCRIBES = 0.5  # target from which a cell has to describe the face
HOLE = 0.35  # half of the square around an unsure face in which nothing is asked, in sides


@dataclass(frozen=True)
class Targets:
    """For n scenes on a (rows, columns) grid: `scores` in 0..1, what is `asked` (0 or 1), and of
    the nearest face its `centres`, `sides` and `landmarks` in px, as in Sightings."""

    scores: Tensor
    asked: Tensor
    centres: Tensor
    sides: Tensor
    landmarks: Tensor

    def to(self, device: torch.device) -> "Targets":
        return Targets(**{name: value.to(device) for name, value in vars(self).items()})


def targets(scenes: Sequence[Scene], rows: int, columns: int) -> Targets:
    cells = cell_middles(rows, columns).numpy()
    made = [_targets(scene, cells) for scene in scenes]
    return Targets(*(torch.from_numpy(np.stack(column)) for column in zip(*made, strict=True)))


def _targets(scene: Scene, cells: np.ndarray) -> tuple[np.ndarray, ...]:
    rows, columns, _ = cells.shape
    scores = np.zeros((rows, columns), np.float32)
    asked = np.ones((rows, columns), np.float32)
    found = np.zeros((rows, columns, 13), np.float32)
    found[..., 2] = 1
    for face in scene.faces:
        heat = _heat(face, cells)
        nearer = heat > scores
        scores = np.maximum(scores, heat)
        found[nearer] = [face.x, face.y, face.side, *face.landmarks.ravel()]
    for face in scene.unsure:
        away = np.abs(cells - (face.x, face.y)).max(axis=-1)
        asked[(away < HOLE * face.side) & (scores < DESCRIBES)] = 0
    return scores, asked, found[..., :2], found[..., 2], found[..., 3:].reshape(rows, columns, 5, 2)


def _heat(face: Labelled, cells: np.ndarray) -> np.ndarray:
    """1 in the cell nearest to the face's centre, falling off around it."""
    squared = ((cells - (face.x, face.y)) ** 2).sum(axis=-1)
    spread = max(SPREAD * face.side, 4.0)
    return np.exp(-(squared - squared.min()) / (2 * spread**2)).astype(np.float32)


def detection_losses(said: Sightings, wanted: Targets) -> dict[str, Tensor]:
    """Losses of scores, boxes and landmarks; the latter two in sides of the face.

    Scores: the focal loss of Zhou et al., "Objects as points", 2019.
    """
    sure, unsure = logsigmoid(said.scores), logsigmoid(-said.scores)
    share = said.scores.sigmoid()
    peaks = (wanted.scores == 1).float()
    missed = -peaks * (1 - share) ** 2 * sure
    invented = -(1 - peaks) * (1 - wanted.scores) ** 4 * share**2 * unsure
    weight = wanted.scores * (wanted.scores >= DESCRIBES)
    total = weight.sum().clamp_min(1)
    side = wanted.sides
    box = smooth_l1_loss(
        torch.cat([said.centres / side[..., None], said.sides.log()[..., None]], dim=-1),
        torch.cat([wanted.centres / side[..., None], side.log()[..., None]], dim=-1),
        reduction="none",
        beta=0.05,
    ).mean(dim=-1)
    away = (said.landmarks - wanted.landmarks) / side[..., None, None]
    spots = smooth_l1_loss(away, torch.zeros_like(away), reduction="none", beta=0.05)
    return {
        "score": ((missed + invented) * wanted.asked).sum() / peaks.sum().clamp_min(1),
        "box": (box * weight).sum() / total,
        "landmarks": (spots.mean(dim=(-1, -2)) * weight).sum() / total,
    }
