"""Training the upscaler on parts of large pictures and what is left of them at a quarter."""

from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from PIL import Image
from pydantic import Field
from torch import Tensor

from foundry.dataset import Dataset, Pixels
from foundry.device import mixed, place
from foundry.errors import PatchTooLarge
from foundry.pictures import grid, on_device, psnr, to_pixels
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained
from foundry.training.noise import of_step
from foundry.training.wear import Wear, worn
from likeness.engine.upscaler_network import FACTOR, UpscalerNetwork, enlarged

MARGIN = 4  # px of the small picture: shrinking looks beyond a patch's edge
SHRINKING = (
    Image.Resampling.LANCZOS,
    Image.Resampling.BICUBIC,
    Image.Resampling.BOX,
    Image.Resampling.HAMMING,
)


class UpscalerRecipe(Recipe):
    """`patch` is the side in px of the small patches, `clean` the share of them that nothing but
    shrinking has befallen; the others wear."""

    patch: int = Field(default=32, ge=8)
    clean: float = Field(default=0.75, ge=0, le=1)
    wear: Wear = Wear(
        colour=0, grey=0, small=0, blur=0.3, smooth=0.1, grain=0.3, jpeg=0.4, strength=0.25
    )
    plan: Plan


class UpscalerTask:
    plain = ("stem", "details")

    def __init__(self, recipe: UpscalerRecipe, data: Dataset, device: torch.device) -> None:
        if _cut(recipe.patch) > data.size:
            raise PatchTooLarge(_cut(recipe.patch), data.size)
        torch.manual_seed(recipe.plan.seed)
        self.network = UpscalerNetwork()
        place(self.network, device)
        self._recipe = recipe
        self._data = data
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        plan = self._recipe.plan
        rng, _ = of_step(plan.seed, step)
        chosen = rng.integers(len(self._data), size=plan.batch)
        pairs = [self._pair(rng, picture) for picture in self._data.pictures(chosen)]
        small, large = (on_device(side, self._device) for side in zip(*pairs, strict=True))
        with mixed(self._device):
            made = self.network(small)
        loss = (made - large).abs().mean()
        # Of the patches as a whole: their mean would hang on the emptiest ones.
        gain = psnr(made[None], large[None]) - psnr(enlarged(small)[None], large[None])
        return {"loss": loss, "gain": gain.mean()}

    def sheet(self) -> Image.Image:
        """Threes: a patch as it was, made of its quarter, and enlarged by bicubic splines."""
        rng, _ = of_step(self._recipe.plan.seed + 1, 0)
        chosen = np.linspace(0, len(self._data) - 1, 8).astype(np.int64)
        pairs = [self._pair(rng, picture) for picture in self._data.pictures(chosen)]
        small, large = (on_device(side, self._device) for side in zip(*pairs, strict=True))
        threes = torch.stack([large, self.network(small), enlarged(small)], dim=1).flatten(0, 1)
        return grid(to_pixels(threes), columns=6)

    def _pair(self, rng: Generator, picture: Pixels) -> tuple[Pixels, Pixels]:
        """A small patch and the large one that it comes from."""
        patch = self._recipe.patch
        side = _cut(patch)
        top, left = rng.integers(len(picture) - side + 1, size=2).tolist()
        whole = picture[top : top + side, left : left + side]
        if rng.random() < 0.5:
            whole = whole[:, ::-1]
        whole = np.rot90(whole, int(rng.integers(4)))
        method = SHRINKING[int(rng.integers(len(SHRINKING)))]
        quarter = patch + 2 * MARGIN
        shrunk = Image.fromarray(np.ascontiguousarray(whole)).resize((quarter, quarter), method)
        small = np.asarray(shrunk)
        if rng.random() >= self._recipe.clean:
            small = worn(small, rng, self._recipe.wear)
        edge = slice(MARGIN * FACTOR, -MARGIN * FACTOR)
        return small[MARGIN:-MARGIN, MARGIN:-MARGIN], whole[edge, edge]


def _cut(patch: int) -> int:
    """The side in px of what is cut from a large picture for a small patch."""
    return FACTOR * (patch + 2 * MARGIN)


def load_upscaler(run: Path) -> UpscalerNetwork:
    """The network that ships, from a run's checkpoint."""
    network = UpscalerNetwork()
    load_trained(network, run)
    return network.eval()
