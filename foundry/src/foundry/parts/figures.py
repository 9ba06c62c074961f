"""Training what tells people from all that is behind them, on cut-outs before anything."""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from foundry.dataset import Dataset, Pixels
from foundry.device import mixed, place
from foundry.errors import NoCutOuts
from foundry.pictures import grid, on_device
from foundry.portraits.backdrop import PLACES, backdrop
from foundry.portraits.draw import between, pick
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained
from foundry.training.noise import of_step
from foundry.training.wear import Wear, worn
from likeness.engine.figure_network import HEAD, FigureNetwork, head_at

HEAD_OF_FACE = 0.85
"""Width of a head in sides of the face's square."""
NEARER = (0.75, 1.35)
"""Heads are wider than that they should be by so many times."""
ASIDE = 0.3
"""Sides of the picture by which faces are beside its middle, at most."""
WORN = Wear(jpeg=0.4)


class FiguresRecipe(Recipe):
    """`side` of the pictures in px; `backdrops`, how many are painted at the beginning."""

    side: int = Field(default=96, ge=32, multiple_of=8)
    backdrops: int = Field(default=400, ge=1)
    plan: Plan


class FiguresTask:
    plain = ("tell",)

    def __init__(self, recipe: FiguresRecipe, data: Dataset, device: torch.device) -> None:
        """Raises NoCutOuts."""
        if data.shards[0].shape[3] != 4:
            raise NoCutOuts
        torch.manual_seed(recipe.plan.seed)
        self.network = FigureNetwork()
        place(self.network, device)
        self._recipe = recipe
        self._data = data
        self._device = device
        rng = np.random.default_rng(recipe.plan.seed)
        self._backdrops = [
            backdrop(pick(rng, PLACES), rng, data.size).round().astype(np.uint8)
            for _ in range(recipe.backdrops)
        ]

    def losses(self, step: int) -> dict[str, Tensor]:
        plan = self._recipe.plan
        rng, _ = of_step(plan.seed, step)
        pictures, heads, shares = self._batch(rng, rng.integers(len(self._data), size=plan.batch))
        with mixed(self._device):
            told = self.network(pictures, heads)
        loss = binary_cross_entropy_with_logits(told.float(), shares)
        wrong = ((told > 0) != (shares > 0.5)).float().mean()
        return {"loss": loss, "wrong": wrong}

    @torch.no_grad()
    def sheet(self) -> Image.Image:
        """Threes: a picture, where somebody is in it, and where that is seen."""
        rng, _ = of_step(self._recipe.plan.seed + 1, 0)
        chosen = np.linspace(0, len(self._data) - 1, 16).astype(np.int64)
        pictures, heads, shares = self._batch(rng, chosen)
        told = self.network(pictures, heads).sigmoid()
        threes = [pictures / 2 + 0.5, *(one.expand(-1, 3, -1, -1) for one in (shares, told))]
        rows = torch.stack(threes, dim=1).flatten(0, 1).float().cpu().permute(0, 2, 3, 1)
        return grid((255 * rows.clamp(0, 1)).byte().numpy(), columns=12)

    def _batch(self, rng: Generator, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        side = self._recipe.side
        pictures, places, shares = zip(
            *(self._picture(rng, index) for index in chosen.tolist()), strict=True
        )
        heads = head_at(torch.tensor(places), side, side).to(self._device)
        masks = torch.from_numpy(np.stack(shares)[:, None]).float().div(255).to(self._device)
        return on_device(pictures, self._device), heads, masks

    def _picture(self, rng: Generator, index: int) -> tuple[Pixels, tuple[float, float], Pixels]:
        """A picture (side, side, 3), where the face's middle is in it, and the shares of it that
        are of the person, 0..255."""
        side, size = self._recipe.side, self._data.size
        cut, entry = self._data.pictures([index])[0], self._data.entries[index]
        _, _, face = entry.face
        middle = size * np.mean(entry.landmarks, axis=0)
        if rng.random() < 0.5:
            cut, middle = np.ascontiguousarray(cut[:, ::-1]), (size - middle[0], middle[1])
        wanted = HEAD * np.exp(between(rng, *np.log(NEARER)))
        window = min(size, side * HEAD_OF_FACE * face * size / wanted)
        left, top = (
            np.clip(spot - window * between(rng, 0.5 - ASIDE, 0.5 + ASIDE), 0, size - window)
            for spot in middle
        )
        scale = side / window
        view = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        seen = cv2.warpAffine(
            cut, view, (side, side), flags=method, borderMode=cv2.BORDER_REPLICATE
        )
        share = seen[..., 3:].astype(np.float32) / 255
        behind = self._behind(rng, side).astype(np.float32)
        person = seen[..., :3] * np.exp(rng.normal(0, 0.1, 3))
        picture = np.clip(person + (1 - share) * behind, 0, 255).astype(np.uint8)
        place = float((middle[0] - left) * scale), float((middle[1] - top) * scale)
        return worn(picture, rng, WORN), place, np.asarray(seen[..., 3], np.uint8)

    def _behind(self, rng: Generator, side: int) -> Pixels:
        """Anything, (side, side, 3): backdrops, any way up; clouds of colours; others, who are not
        meant."""
        if rng.random() < 0.2:
            count = int(rng.integers(1, 33))
            coarse = rng.normal(rng.uniform(0, 255, 3), rng.choice([5, 20, 80]), (count, count, 3))
            return _resized(coarse.clip(0, 255).astype(np.uint8), side)
        painted = self._backdrops[int(rng.integers(len(self._backdrops)))]
        if rng.random() < 0.3:
            painted = np.rot90(painted, int(rng.integers(4)))
        part = int(len(painted) * between(rng, 0.4, 1.0))
        top, left = rng.integers(len(painted) - part + 1, size=2).tolist()
        behind = _resized(np.ascontiguousarray(painted[top : top + part, left : left + part]), side)
        for _ in range(int(rng.integers(3)) if rng.random() < 0.4 else 0):
            behind = self._with_another(rng, behind)
        return behind

    def _with_another(self, rng: Generator, behind: Pixels) -> Pixels:
        """Somebody else, smaller and farther away, any way up."""
        side = len(behind)
        other = self._data.pictures([int(rng.integers(len(self._data)))])[0]
        if rng.random() < 0.3:
            other = np.rot90(other, int(rng.integers(4)))
        small = _resized(np.ascontiguousarray(other), int(side * between(rng, 0.2, 0.7)))
        reach = len(small)
        top, left = rng.integers(-reach // 2, side - reach // 2, size=2).tolist()
        rows = slice(max(0, top), min(side, top + reach))
        columns = slice(max(0, left), min(side, left + reach))
        piece = small[
            rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]
        pasted = behind.copy()
        share = piece[..., 3:].astype(np.float32) / 255
        pasted[rows, columns] = piece[..., :3] + ((1 - share) * pasted[rows, columns]).round()
        return pasted


def load_figures(run: Path) -> FigureNetwork:
    """The network that ships, from a run's checkpoint."""
    network = FigureNetwork()
    load_trained(network, run)
    return network.eval()


def _resized(pixels: Pixels, side: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
