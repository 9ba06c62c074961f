"""Training the judge, on people that no other part has seen."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator
from PIL import Image
from pydantic import Field
from torch import Tensor
from torch.nn.functional import cross_entropy, smooth_l1_loss

from foundry.dataset import Dataset, Pixels
from foundry.device import mixed, place
from foundry.networks.cosface import WithPeople, load_without_people
from foundry.networks.judge import ALIGNED, EMBEDDING, LOOKED_AT, YAW_SPREAD, JudgeNetwork
from foundry.parts.crops import crop
from foundry.parts.scenes import Labelled, label, mirrored, moved
from foundry.pictures import grid, on_device
from foundry.questions import QUESTIONS, UNSEEN, answer_table, people_numbers
from foundry.recipe import Plan, Recipe
from foundry.training.noise import of_step
from foundry.training.wear import Wear, worn
from likeness.engine.weights import load_weights

FILE = "judge.safetensors"
SHIFT, ZOOM, TURN = 0.04, 0.06, 4.0  # of whole pictures: in sides, logarithmic, in degrees


class JudgeRecipe(Recipe):
    """An embedding must be nearer to its person by `margin`, a cosine, which rises from 0 within
    `margin_steps`; `scale` multiplies cosines into logits. `identity` and `landmarks` weigh
    against the questions.
    """

    margin: float = Field(default=0.25, ge=0, lt=1)
    margin_steps: int = Field(default=500, ge=1)
    scale: float = Field(default=24.0, gt=0)
    identity: float = Field(default=0.5, ge=0)
    landmarks: float = Field(default=20.0, ge=0)
    wear: Wear = Wear()
    plan: Plan


class JudgeTask:
    plain = ("stem", "heads", "people")

    def __init__(self, recipe: JudgeRecipe, data: Dataset, device: torch.device) -> None:
        torch.manual_seed(recipe.plan.seed)
        self._who = np.array(people_numbers(data.entries))
        people = int(self._who.max()) + 1
        self.network: WithPeople[JudgeNetwork] = WithPeople(JudgeNetwork(), people, EMBEDDING)
        place(self.network, device)
        self._answers = answer_table(data.entries)
        self._yaw = np.array([entry.photo.yaw for entry in data.entries], np.float32)
        self._recipe = recipe
        self._data = data
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, _ = of_step(recipe.plan.seed, step)
        chosen = rng.integers(len(self._data), size=recipe.plan.batch)
        pictures, crops, landmarks, turned = self._batch(rng, chosen)
        with mixed(self._device):
            seen = self.network.network.viewer(on_device(pictures, self._device))
            face = self.network.network.knower(on_device(crops, self._device))
        known = torch.from_numpy(self._answers[chosen]).to(self._device)
        asked, right = _answer_losses({**seen.logits, **face.logits}, known)
        yaw = torch.from_numpy(self._yaw[chosen] * turned).to(self._device) / YAW_SPREAD
        yaw_loss = smooth_l1_loss(seen.yaw / YAW_SPREAD, yaw, beta=0.1)
        there = torch.from_numpy(landmarks).to(self._device)
        away = smooth_l1_loss(seen.landmarks, there, beta=0.02)
        margin = recipe.margin * min(1.0, step / recipe.margin_steps)
        who = torch.from_numpy(self._who[chosen]).to(self._device)
        identity, same = self.network.identity_loss(face.embeddings, who, margin, recipe.scale)
        loss = asked + yaw_loss + recipe.landmarks * away + recipe.identity * identity
        return {
            "loss": loss,
            "identity": identity,
            "same": same,
            "landmarks": (seen.landmarks - there).norm(dim=-1).mean(),
            "yaw": yaw_loss,
            **right,
        }

    def sheet(self) -> Image.Image:
        """Pictures with their landmarks."""
        chosen = np.linspace(0, len(self._data) - 1, 24).astype(np.int64)
        rng, _ = of_step(self._recipe.plan.seed + 1, 0)
        pictures, *_ = self._batch(rng, chosen)
        seen = self.network.network.viewer(on_device(pictures, self._device))
        for picture, spots in zip(pictures, seen.landmarks.tolist(), strict=True):
            for x, y in spots:
                at = (round(x * LOOKED_AT), round(y * LOOKED_AT))
                cv2.circle(picture, at, 1, (255, 230, 0), -1)
        return grid(pictures, columns=8)

    def _batch(
        self, rng: Generator, chosen: np.ndarray
    ) -> tuple[list[Pixels], list[Pixels], np.ndarray, np.ndarray]:
        """Whole pictures, crops of their faces, landmarks in shares, and −1 where mirrored."""
        pictures: list[Pixels] = []
        crops: list[Pixels] = []
        landmarks = np.zeros((len(chosen), 5, 2), np.float32)
        turned = np.ones(len(chosen), np.float32)
        sources = self._data.pictures(chosen)
        for number, (index, picture) in enumerate(zip(chosen, sources, strict=True)):
            face = label(self._data.entries[index], self._data.size)
            if rng.random() < 0.5:
                picture, face = mirrored(picture, face)
                turned[number] = -1
            crops.append(worn(crop(picture, face, ALIGNED, rng), rng, self._recipe.wear))
            picture, face = _nudged(rng, picture, face)
            pictures.append(worn(picture, rng, self._recipe.wear))
            landmarks[number] = face.landmarks / LOOKED_AT
        return pictures, crops, landmarks, turned


def _nudged(rng: Generator, picture: Pixels, face: Labelled) -> tuple[Pixels, Labelled]:
    """The picture at the side that is looked at, a little moved; its edges go on in a mirror."""
    zoom = LOOKED_AT / len(picture) * np.exp(ZOOM * rng.normal())
    turn = np.deg2rad(TURN * rng.normal())
    linear = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = LOOKED_AT * (0.5 + SHIFT * rng.normal(0, 1, 2))
    shift = middle - linear @ np.full(2, len(picture) / 2)
    matrix = np.concatenate([linear, shift[:, None]], axis=1)
    return moved(picture, face, matrix, LOOKED_AT, cv2.BORDER_REFLECT)


def _answer_losses(said: Mapping[str, Tensor], known: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The sum over all QUESTIONS, and the share of right answers to each."""
    losses: list[Tensor] = []
    right: dict[str, Tensor] = {}
    for number, name in enumerate(QUESTIONS):
        logits, wanted = said[name], known[:, number]
        total = (wanted != UNSEEN).sum().clamp_min(1)
        lost = cross_entropy(logits, wanted, ignore_index=UNSEEN, reduction="sum")
        losses.append(lost / total)
        right[name] = (logits.argmax(dim=1) == wanted).sum() / total
    return torch.stack(losses).sum(), right


def load_judge(folder: Path) -> JudgeNetwork:
    """The judge's networks: of a run, or exported."""
    network = JudgeNetwork()
    if (folder / FILE).exists():
        load_weights(network, folder / FILE)
    else:
        load_without_people(network, EMBEDDING, folder)
    return network.eval()
