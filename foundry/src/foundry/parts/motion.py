"""Training the transformer of clips and its text encoder together, on cached latents.

It learns the flow from guides to clips (Liu et al., "Flow Straight and Fast", 2022), which is so
short that one step takes it: what is wrong with a guide, all at once.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, UMT5EncoderModel

from foundry.clip_latents import ClipLatents
from foundry.device import mixed
from foundry.errors import WindowTooLong
from foundry.footage import Footage
from foundry.motion_pipeline import build_pipeline, paint_guide
from foundry.networks.fast_wan import FastWan
from foundry.networks.motion import build_motion
from foundry.networks.requests import (
    build_request_encoder,
    build_request_tokenizer,
    states_of,
)
from foundry.parts.motion_batches import MotionBatches
from foundry.parts.motion_recipe import MotionRecipe
from foundry.pictures import grid
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.training.feed import Feed
from foundry.training.loop import load_trained, recipe_of

TOKENIZER = "tokenizer"
TOKENIZER_CAPTIONS = 40_000
SHOWN = 6
"""Clips on a sheet."""
AHEAD = 4
"""Batches that are made, each by a thread, while a GPU is busy with one."""
TIMES = 1000.0
"""What the pipeline tells the transformer at its first step, which is the only one."""


class MotionTask:
    plain = (
        *("time_embedder", "time_proj", "scale_shift_table", "shared", "embed_tokens"),
        "relative_attention_bias",
    )

    def __init__(
        self,
        recipe: MotionRecipe,
        data: Footage,
        latents: ClipLatents,
        autoencoder: AutoencoderKLWan,
        tokenizer: PreTrainedTokenizerFast,
        device: torch.device,
    ) -> None:
        """Raises WindowTooLong."""
        if recipe.window > data.frames:
            raise WindowTooLong(recipe.window, data.frames)
        torch.manual_seed(recipe.plan.seed)
        stock, text = build_parts(recipe, latents.shape[0])
        self.network = _as_one(stock, text).to(device)
        self._stock = stock
        self._fast = FastWan(stock, recipe.compiled)
        self._text = text
        self._recipe = recipe
        self._data = data
        self._latents = latents
        self._autoencoder = autoencoder
        self._tokenizer = tokenizer
        self._device = device
        batches = MotionBatches(recipe, data, latents, tokenizer)
        on_gpu = device.type == "cuda"
        self._batch = (
            Feed(lambda step: batches(step).pinned(), AHEAD) if on_gpu else Feed(batches, 0)
        )

    def losses(self, step: int) -> dict[str, Tensor]:
        batch = self._batch(step).to(self._device)
        times = torch.full((len(batch.inputs),), TIMES, device=self._device)
        with mixed(self._device):
            states = states_of(self._text, batch.tokens, batch.read)
            predicted = self._fast(batch.inputs, times, states)
        aim, new = batch.aim, batch.new
        error = (predicted.float() - aim).pow(2).mean(dim=1)
        before = aim.pow(2).mean(dim=1)
        much = new.sum().clamp_min(1e-6)
        weights = new + self._recipe.elsewhere
        return {
            "loss": (error * weights).sum() / much,
            "new": (error.detach() * new).sum() / much,
            "guide": (before * new).sum() / much,
        }

    def sheet(self) -> Image.Image:
        """Strips in threes: every other frame of a clip, its guide, and what is made of that, of
        those in which most is new."""
        window = self._recipe.window
        news = self._latents.news()[:, :window].mean(axis=1)
        chosen = np.argsort(-news, kind="stable")[:SHOWN]
        clips, guides = (
            self._data.clips(chosen)[:, :window],
            self._data.guides_of(chosen)[:, :window],
        )
        pipeline = build_pipeline(self._autoencoder, self._stock, self._text, self._tokenizer)
        rows: list[NDArray[np.uint8]] = []
        for index, clip, guide in zip(chosen, clips, guides, strict=True):
            take = self._data.records[index]
            caption = draw_motion_caption(take.person, take.photo, take.motion, seed=0)
            painted = paint_guide(pipeline, caption, guide)
            rows += [clip[::2], guide[::2, ..., :3], painted[::2]]
        return grid(np.concatenate(rows), columns=len(rows[0]))


Parts = tuple[WanTransformer3DModel, UMT5EncoderModel]


def build_parts(recipe: MotionRecipe, latent_channels: int) -> Parts:
    """Fresh transformer and text encoder."""
    return (
        build_motion(recipe.shape, latent_channels, recipe.text.width),
        build_request_encoder(recipe.text),
    )


def load_motion(run: Path, latent_channels: int) -> tuple[WanTransformer3DModel, UMT5EncoderModel]:
    """The trained transformer and text encoder of a run."""
    parts = build_parts(recipe_of(run, MotionRecipe), latent_channels)
    load_trained(_as_one(*parts), run)
    return parts[0].eval(), parts[1].eval()


def _as_one(transformer: WanTransformer3DModel, text: UMT5EncoderModel) -> nn.ModuleDict:
    return nn.ModuleDict({"transformer": transformer, "text": text})


def learn_request_tokenizer(
    recipe: MotionRecipe, data: Footage, run: Path
) -> PreTrainedTokenizerFast:
    """The tokenizer of a run: learned from captions of its footage once, then read again."""
    folder = run / TOKENIZER
    if not folder.exists():
        captions = (
            draw_motion_caption(take.person, take.photo, take.motion, seed)
            for seed in range(-(-TOKENIZER_CAPTIONS // len(data)))
            for take in data.records
        )
        build_request_tokenizer(captions, recipe.text.vocabulary).save_pretrained(folder)
    return PreTrainedTokenizerFast.from_pretrained(folder)
