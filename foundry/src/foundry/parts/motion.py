"""Training the transformer of clips and its text encoder together, by flow matching on cached
latents."""

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
from foundry.motion_pipeline import build_pipeline, draw_clip
from foundry.networks.fast_wan import FastWan
from foundry.networks.motion import build_motion
from foundry.networks.motion_questions import MotionQuestions
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
AHEAD = 4
"""Batches that are made, each by a thread, while a GPU is busy with one."""
TIMES = 1000
"""What the transformer is told where all is noise."""

# Landmarks missed by a tenth of the picture weigh as much as one nat of all that could be shown.
LANDMARK_WEIGHT = 10.0


class MotionTask:
    plain = (
        *("time_embedder", "time_proj", "scale_shift_table", "shared", "embed_tokens"),
        *("relative_attention_bias", "questions"),
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
        stock, text, questions = build_parts(recipe, latents.shape[0])
        self.network = _as_one(stock, text, questions).to(device)
        self._stock = stock
        self._fast = FastWan(stock, recipe.compiled)
        self._text = text
        self._questions = questions
        self._recipe = recipe
        self._data = data
        self._autoencoder = autoencoder
        self._tokenizer = tokenizer
        self._device = device
        batches = MotionBatches(recipe, data, latents, tokenizer)
        on_gpu = device.type == "cuda"
        self._batch = (
            Feed(lambda step: batches(step).pinned(), AHEAD) if on_gpu else Feed(batches, 0)
        )

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        batch = self._batch(step).to(self._device)
        with mixed(self._device):
            states = states_of(self._text, batch.tokens, batch.read)
            predicted, inside = self._fast.look_inside(
                batch.inputs, TIMES * batch.left, states, recipe.asked_after
            )
            answers, turned, missed = self._questions(
                inside, batch.shown, batch.yaw, batch.landmarks
            )
        error = (predicted.float() - batch.aim).pow(2).mean(dim=1)
        flow = (error * batch.weights).mean()
        asked = answers + turned + LANDMARK_WEIGHT * missed
        moving = (error.detach() * batch.moved).sum() / batch.moved.sum().clamp_min(1e-6)
        return {
            "loss": flow + recipe.question_weight * asked,
            "flow": flow,
            "shown": answers,
            "yaw": turned,
            "landmarks": missed,
            "moving": moving,
        }

    def sheet(self) -> Image.Image:
        """Strips in threes: every other frame of a clip, its guide, and what is drawn of that for
        its caption; in the last two threes its last frame is given, too."""
        chosen = np.linspace(0, len(self._data) - 1, 4).astype(np.int64)
        shown = slice(self._recipe.window)
        clips, guides = self._data.clips(chosen)[:, shown], self._data.guides_of(chosen)[:, shown]
        pipeline = build_pipeline(
            self._autoencoder, self._stock, self._text, self._tokenizer, self._recipe.shift
        )
        rows: list[NDArray[np.uint8]] = []
        for number, index in enumerate(chosen):
            clip, guide = clips[number], guides[number]
            take = self._data.records[index]
            drawn = draw_clip(
                pipeline,
                draw_motion_caption(take.person, take.photo, take.motion, seed=0),
                guide=guide,
                noise=self._recipe.noise,
                last=clip[-1] if number >= 2 else None,
                steps=self._recipe.sampling_steps,
                guidance=self._recipe.guidance,
                seed=0,
            )
            rows += [clip[::2], guide[::2], drawn[::2]]
        return grid(np.concatenate(rows), columns=len(rows[0]))


Parts = tuple[WanTransformer3DModel, UMT5EncoderModel, MotionQuestions]


def build_parts(recipe: MotionRecipe, latent_channels: int) -> Parts:
    """Fresh transformer, text encoder and questions."""
    return (
        build_motion(recipe.shape, latent_channels, recipe.text.width),
        build_request_encoder(recipe.text),
        MotionQuestions(recipe.shape.width),
    )


def load_motion(run: Path, latent_channels: int) -> tuple[WanTransformer3DModel, UMT5EncoderModel]:
    """The trained transformer and text encoder of a run."""
    parts = build_parts(recipe_of(run, MotionRecipe), latent_channels)
    load_trained(_as_one(*parts), run)
    return parts[0].eval(), parts[1].eval()


def _as_one(
    transformer: WanTransformer3DModel, text: UMT5EncoderModel, questions: MotionQuestions
) -> nn.ModuleDict:
    return nn.ModuleDict({"transformer": transformer, "text": text, "questions": questions})


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
