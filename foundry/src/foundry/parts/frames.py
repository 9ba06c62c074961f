"""Training the autoencoder of clips on short pieces of footage and their mirror images."""

from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field, field_validator
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from foundry.device import mixed
from foundry.emphasis import around
from foundry.footage import Footage
from foundry.networks.autoencoder import noisy
from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import (
    FOLDS,
    FramesShape,
    build_frames,
    round_trip,
    set_statistics,
)
from foundry.networks.perception import Perception, unlike
from foundry.parts.autoencoder import COARSER, difference
from foundry.parts.decoder import SEEN, crops
from foundry.pictures import clips_to_pixels, clips_to_tensor, grid, psnr
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained, recipe_of
from foundry.training.noise import of_step
from likeness.engine.face_network import ALIGNED

MEASURED = 64
"""Clips whose latents' mean and spread are taken for those of all."""


class FramesRecipe(Recipe):
    """Each step takes the next of `lengths`, in frames, and as many pieces of it as make up
    `plan.batch` pieces of the shortest. Errors weigh `face_weight` times as much on the face;
    `flow_weight` is that of errors in what changes from frame to frame, `perception_weight` that
    of what the face recogniser sees amiss in one frame of each piece, `divergence` that of the
    latents' distance from a normal distribution, `coarse` that of what smaller latents decode to
    (parts/autoencoder.py).
    """

    shape: FramesShape
    lengths: tuple[int, ...] = (5, 5, 9, 5, 5, 17)
    face_weight: float = Field(default=4.0, gt=0)
    flow_weight: float = Field(default=1.0, ge=0)
    perception_weight: float = Field(default=0.1, ge=0)
    divergence: float = Field(default=1e-3, ge=0)
    coarse: float = Field(default=0.25, ge=0)
    compiled: bool = True
    plan: Plan

    @field_validator("lengths")
    @classmethod
    def _whole_moments(cls, lengths: tuple[int, ...]) -> tuple[int, ...]:
        if not lengths or any(length <= FOLDS or length % FOLDS != 1 for length in lengths):
            raise ValueError("lengths must be 5, 9, 13, and so on")
        return lengths


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
        pieces, faces = self._pieces(rng, recipe.lengths[step % len(recipe.lengths)])
        pixels = clips_to_tensor(pieces).to(self._device)
        weights = around(faces, pixels.shape[-1], recipe.face_weight)
        weights /= weights.mean(axis=(2, 3), keepdims=True)
        weight = torch.from_numpy(weights).unsqueeze(1).to(self._device)
        with mixed(self._device):
            mean, log_variance = self._fast.encode(pixels)
            latents = noisy(mean, log_variance, generator)
            fine = self._fast.decode(latents)
            smaller = [self._fast.decode(_shrunk(latents, scale)) for scale in COARSER]
            amiss = self._amiss(fine, pixels, faces, rng)
        detail = difference(_frames(fine), _frames(pixels), _frames(weight))
        rough = sum(
            difference(_frames(one), *(avg_pool2d(_frames(x), scale) for x in (pixels, weight)))
            for scale, one in zip(COARSER, smaller, strict=True)
        )
        rough = torch.as_tensor(rough)
        flow = ((fine.diff(dim=2) - pixels.diff(dim=2)).abs() * weight[:, :, 1:]).mean()
        divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean()
        loss = detail + recipe.flow_weight * flow + recipe.perception_weight * amiss
        return {
            "loss": loss + recipe.coarse * rough + recipe.divergence * divergence,
            "psnr": psnr(_frames(fine), _frames(pixels)).mean(),
            "flow": flow,
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

    def _pieces(self, rng: Generator, length: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Pieces (n, length, side, side, 3) of clips, half of them mirrored, and where the faces
        are in them (n, length, 3)."""
        recipe = self._recipe
        length = min(length, self._data.frames)
        count = max(1, recipe.plan.batch * min(recipe.lengths) // length)
        chosen = rng.integers(len(self._data), size=count)
        starts = rng.integers(self._data.frames - length + 1, size=count)
        mirrored = rng.random(count) < 0.5
        places = starts[:, None] + np.arange(length)
        rows = np.arange(count)[:, None]
        pieces, faces = self._data.clips(chosen)[rows, places], self._faces[chosen][rows, places]
        pieces[mirrored] = pieces[mirrored, :, :, ::-1]
        faces[mirrored, :, 0] = 1 - faces[mirrored, :, 0]
        return pieces, faces

    def _amiss(
        self, fine: Tensor, pixels: Tensor, faces: NDArray[np.float32], rng: Generator
    ) -> Tensor:
        rows, places = np.arange(len(faces)), rng.integers(faces.shape[1], size=len(faces))
        where = torch.from_numpy(faces[rows, places])
        mine, theirs = (
            crops(one.transpose(1, 2)[rows, places], where, SEEN, ALIGNED) for one in (fine, pixels)
        )
        with torch.no_grad():
            known = self._perception(theirs)
        return unlike(self._perception(mine), known)


def load_frames(run: Path, data: Footage, device: torch.device) -> AutoencoderKLWan:
    """The trained autoencoder of a run, the statistics of its latents, as measured on `data`, in
    its configuration."""
    vae = build_frames(recipe_of(run, FramesRecipe).shape)
    load_trained(vae, run)
    nn.Module.to(vae, device).requires_grad_(False).eval()
    some = np.linspace(0, len(data) - 1, min(MEASURED, len(data))).astype(np.int64)
    fast = FastFrames(vae)
    means = [fast.encode(clips_to_tensor(data.clips([one])).to(device))[0].cpu() for one in some]
    set_statistics(vae, torch.cat(means))
    return vae


def _frames(clips: Tensor) -> Tensor:
    """(n, channels, frames, height, width) to (n × frames, channels, height, width)."""
    return clips.transpose(1, 2).flatten(0, 1)


def _shrunk(latents: Tensor, scale: int) -> Tensor:
    moments = latents.shape[2]
    return avg_pool2d(_frames(latents), scale).unflatten(0, (-1, moments)).transpose(1, 2)
