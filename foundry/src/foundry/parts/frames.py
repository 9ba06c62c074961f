"""Training the autoencoder of clips on frames of footage and their mirror images."""

from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from foundry.device import mixed
from foundry.emphasis import around
from foundry.footage import Footage
from foundry.networks.autoencoder import noisy
from foundry.networks.frames import FramesShape, build_frames, round_trip, set_statistics
from foundry.networks.perception import Perception, unlike
from foundry.parts.autoencoder import COARSER, coarse_difference, difference, divergence_of
from foundry.parts.decoder import SEEN, crops
from foundry.pictures import clips_to_pixels, clips_to_tensor, grid, psnr, to_tensor
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained, recipe_of
from foundry.training.noise import of_step
from likeness.engine.face_network import ALIGNED
from likeness.engine.fast_frames import FastFrames

MEASURED = 512
"""Frames whose latents' mean and spread are taken for those of all."""
AT_ONCE = 16


class FramesRecipe(Recipe):
    """Errors weigh `face_weight` times as much on the face; `perception_weight` is that of what the
    face recogniser sees amiss, `divergence` that of the latents' distance from a normal
    distribution, `coarse` that of what smaller latents decode to (parts/autoencoder.py). A batch
    is so many frames of as many clips.
    """

    shape: FramesShape
    face_weight: float = Field(default=4.0, gt=0)
    perception_weight: float = Field(default=0.1, ge=0)
    divergence: float = Field(default=1e-3, ge=0)
    coarse: float = Field(default=0.25, ge=0)
    compiled: bool = True
    plan: Plan


class FramesTask:
    plain = ("conv_in", "conv_out", "gamma")

    def __init__(
        self, recipe: FramesRecipe, data: Footage, perception: Perception, device: torch.device
    ) -> None:
        torch.manual_seed(recipe.plan.seed)
        self.network = build_frames(recipe.shape)
        nn.Module.to(self.network, device)
        self._fast = FastFrames(self.network, recipe.compiled)
        self._recipe = recipe
        self._data = data
        self._perception = perception
        self._faces = np.array([record.face for record in data.records], np.float32)
        self._device = device

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, generator = of_step(recipe.plan.seed, step)
        frames, faces = self._frames(rng)
        pixels = to_tensor(frames, self._device)
        weights = around(faces, pixels.shape[-1], recipe.face_weight)
        weights /= weights.mean(axis=(1, 2), keepdims=True)
        weight = torch.from_numpy(weights).unsqueeze(1).to(self._device)
        with mixed(self._device):
            mean, log_variance = self._fast.encode(pixels)
            latents = noisy(mean, log_variance, generator)
            fine = self._fast.decode(latents)
            smaller = [self._fast.decode(avg_pool2d(latents, scale)) for scale in COARSER]
            amiss = self._amiss(fine, pixels, torch.from_numpy(faces))
        detail = difference(fine, pixels, weight)
        rough = coarse_difference(smaller, pixels, weight)
        divergence = divergence_of(mean, log_variance)
        loss = detail + recipe.perception_weight * amiss + recipe.coarse * rough
        return {
            "loss": loss + recipe.divergence * divergence,
            "psnr": psnr(fine, pixels).mean(),
            "amiss": amiss,
            "coarse": rough,
            "divergence": divergence,
        }

    def sheet(self) -> Image.Image:
        """Strips in pairs: every other frame of a clip, and what is left of it, by the stock
        class."""
        chosen = np.linspace(0, len(self._data) - 1, 4).astype(np.int64)
        clips = clips_to_tensor(self._data.clips(chosen)).to(self._device)
        decoded = round_trip(self.network, clips)
        pairs = torch.stack([clips, decoded], dim=1).flatten(0, 1)[:, :, ::2]
        return grid(clips_to_pixels(pairs).reshape(-1, *pairs.shape[3:], 3), pairs.shape[2])

    def _frames(self, rng: Generator) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A batch (n, side, side, 3), half of it mirrored, and where the faces are in it (n, 3)."""
        count = self._recipe.plan.batch
        chosen = rng.integers(len(self._data), size=count)
        places = rng.integers(self._data.frames, size=count)
        mirrored = rng.random(count) < 0.5
        frames, faces = self._data.frames_at(chosen, places), self._faces[chosen, places]
        frames[mirrored] = frames[mirrored, :, ::-1]
        faces[mirrored, 0] = 1 - faces[mirrored, 0]
        return frames, faces

    def _amiss(self, fine: Tensor, pixels: Tensor, faces: Tensor) -> Tensor:
        mine, theirs = (crops(one, faces, SEEN, ALIGNED) for one in (fine, pixels))
        with torch.no_grad():
            known = self._perception(theirs)
        return unlike(self._perception(mine), known)


def trained_frames(run: Path, data: Footage) -> AutoencoderKLWan:
    """The trained autoencoder of a run, the statistics of its latents, as measured on `data`, in
    its configuration."""
    vae = build_frames(recipe_of(run, FramesRecipe).shape)
    load_trained(vae, run)
    nn.Module.eval(vae).requires_grad_(False)
    every = len(data) * data.frames
    some = np.linspace(0, every - 1, min(MEASURED, every)).round().astype(np.int64)
    fast = FastFrames(vae)
    means: list[Tensor] = []
    for chosen in np.array_split(some, max(1, len(some) // AT_ONCE)):
        frames = data.frames_at(chosen // data.frames, chosen % data.frames)
        with torch.no_grad():
            means.append(fast.encode(to_tensor(frames))[0])
    set_statistics(vae, torch.cat(means))
    return vae


def load_frames(folder: Path, device: torch.device) -> AutoencoderKLWan:
    """The autoencoder that was exported to a folder."""
    vae = AutoencoderKLWan.from_pretrained(str(folder), torch_dtype=torch.float32)
    nn.Module.to(vae, device).requires_grad_(False).eval()
    return vae
