"""Training the autoencoder on pictures and their mirror images."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from PIL import Image
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from foundry.dataset import Dataset
from foundry.device import mixed, place
from foundry.emphasis import around_faces
from foundry.networks.autoencoder import (
    AutoencoderShape,
    build_autoencoder,
    decode,
    encode,
    noisy,
    scale_latents,
    train_norms_in_float32,
)
from foundry.pictures import grid, psnr, to_pixels, to_tensor
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained, recipe_of
from foundry.training.noise import of_step

COARSER = (2, 4)
EXPORTED = "vae"


class AutoencoderRecipe(Recipe):
    """`divergence` weighs the latents' distance from a normal distribution, per latent; `coarse`
    how well latents of a half and a quarter of the size decode to a picture as much smaller, which
    keeps high frequencies out of them and makes them easier to learn (Skorokhodov et al.,
    "Improving the diffusability of autoencoders", 2025). Errors weigh `face_weight` times as much
    on the face.
    """

    size: int
    shape: AutoencoderShape
    divergence: float = 1e-3
    coarse: float = 0.25
    face_weight: float = Field(default=3.0, gt=0)
    plan: Plan


class AutoencoderTask:
    plain = ("conv_in", "conv_out")

    def __init__(self, recipe: AutoencoderRecipe, data: Dataset, device: torch.device) -> None:
        torch.manual_seed(recipe.plan.seed)
        self.network = build_autoencoder(recipe.shape, recipe.size)
        place(self.network, device)
        if device.type == "cpu":
            train_norms_in_float32(self.network)
        self._recipe = recipe
        self._data = data
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        plan = self._recipe.plan
        rng, generator = of_step(plan.seed, step)
        chosen = rng.integers(len(self._data), size=plan.batch)
        pixels = to_tensor(self._data.pictures(chosen))
        entries = [self._data.entries[index] for index in chosen]
        weights = around_faces(entries, self._data.size, self._recipe.face_weight)
        mirrored = torch.from_numpy(rng.random(plan.batch) < 0.5)[:, None, None, None]
        pixels = torch.where(mirrored, pixels.flip(-1), pixels)
        weights = torch.where(mirrored, weights.flip(-1), weights).to(self._device)
        pixels = pixels.to(self._device, memory_format=torch.channels_last)
        with mixed(self._device):
            mean, log_variance = encode(self.network, pixels)
            latents = noisy(mean, log_variance, generator)
            fine = decode(self.network, latents)
            coarse = [decode(self.network, avg_pool2d(latents, scale)) for scale in COARSER]
        divergence = divergence_of(mean, log_variance)
        detail = difference(fine, pixels, weights)
        rough = coarse_difference(coarse, pixels, weights)
        loss = detail + self._recipe.coarse * rough + self._recipe.divergence * divergence
        return {
            "loss": loss,
            "psnr": psnr(fine, pixels).mean(),
            "coarse": rough,
            "divergence": divergence,
        }

    def sheet(self) -> Image.Image:
        """Pairs: a picture, and what is left of it."""
        chosen = np.linspace(0, len(self._data) - 1, 16).astype(np.int64)
        pixels = to_tensor(self._data.pictures(chosen), self._device)
        mean, _ = encode(self.network, pixels)
        pairs = torch.stack([pixels, decode(self.network, mean)], dim=1).flatten(0, 1)
        return grid(to_pixels(pairs), columns=8)


def difference(one: Tensor, other: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 of pixels, of their slopes, and of three coarser versions."""
    total = _mean(one - other, weights)
    for axis in (-1, -2):
        kept = weights.narrow(axis, 0, weights.shape[axis] - 1)
        total = total + _mean(one.diff(dim=axis) - other.diff(dim=axis), kept)
    for scale in (2, 4, 8):
        shrunk = avg_pool2d(one, scale) - avg_pool2d(other, scale)
        total = total + 0.17 * _mean(shrunk, avg_pool2d(weights, scale))
    return total


def coarse_difference(smaller: Sequence[Tensor], pixels: Tensor, weights: Tensor) -> Tensor:
    """The same of what latents of COARSER sizes decode to, all together."""
    differences = [
        difference(one, avg_pool2d(pixels, scale), avg_pool2d(weights, scale))
        for scale, one in zip(COARSER, smaller, strict=True)
    ]
    return torch.stack(differences).sum()


def divergence_of(mean: Tensor, log_variance: Tensor) -> Tensor:
    """How far latents are from a normal distribution, a latent (Kingma and Welling, 2014)."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean()


def _mean(error: Tensor, weights: Tensor) -> Tensor:
    return (error.abs() * weights).mean()


def load_autoencoder(run: Path, data: Dataset, device: torch.device) -> AutoencoderKL:
    """The trained autoencoder of a run, its latents scaled to a spread of 1 on `data`; or that of
    an exported base, whose latents were scaled before."""
    if (run / EXPORTED).is_dir():
        vae = AutoencoderKL.from_pretrained(run / EXPORTED, dtype=torch.float32)
        nn.Module.to(vae, device).requires_grad_(False).eval()
        return vae
    recipe = recipe_of(run, AutoencoderRecipe)
    vae = build_autoencoder(recipe.shape, recipe.size)
    load_trained(vae, run)
    nn.Module.to(vae, device).requires_grad_(False).eval()
    some = np.linspace(0, len(data) - 1, min(512, len(data))).astype(np.int64)
    means = [
        encode(vae, to_tensor(data.pictures(some[start : start + 32]), device))[0]
        for start in range(0, len(some), 32)
    ]
    scale_latents(vae, float(torch.cat(means).std()))
    return vae
