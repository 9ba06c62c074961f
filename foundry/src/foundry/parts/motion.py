"""Training the transformer of clips and its text encoder together, by flow matching on cached
latents."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from pydantic import Field, model_validator
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, UMT5EncoderModel

from foundry.clip_latents import ClipLatents
from foundry.conditions import joined
from foundry.device import mixed
from foundry.emphasis import around
from foundry.footage import Footage
from foundry.motion_pipeline import build_pipeline, draw_clip
from foundry.networks.fast_wan import FastWan
from foundry.networks.motion import MotionShape, build_motion
from foundry.networks.motion_questions import MotionQuestions, shown
from foundry.networks.requests import (
    RequestShape,
    build_request_encoder,
    build_request_tokenizer,
    request_states,
)
from foundry.pictures import grid
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained, recipe_of
from foundry.training.noise import of_step, spread

TOKENIZER = "tokenizer"
TOKENIZER_CAPTIONS = 40_000
TIMES = 1000
"""What the transformer is told where all is noise."""

# Landmarks missed by a tenth of the picture weigh as much as one nat of all that could be shown.
LANDMARK_WEIGHT = 10.0
# The first frame is given: all that is to be learned of it is to copy it.
GIVEN = 0.2
# As far from the first frame as this, in shares of white, is moved for good.
MOVED = 0.1


class MotionRecipe(Recipe):
    """How people learn to move.

    Noise (0 = clean, 1 = noise) is drawn where steps of sampling will be: as a share n, uniform in
    a share `uniform` of a batch, else logit-normal, which becomes `shift` n / (1 + (`shift` − 1)
    n). A share `both` of clips has its last frame given, too; `unprompted` is the share without a
    caption (for guidance); captions are cut after `words` tokens. The error weighs `face_weight`
    on the face, and up to 1 + `moving_weight` times as much where pixels are not what they were in
    the first frame. After `asked_after` blocks tokens are asked what the clip shows
    (networks/motion_questions.py), which weighs `question_weight`. `guidance` and `sampling_steps`
    are for the sheets.
    """

    shape: MotionShape
    text: RequestShape
    words: int = Field(default=64, ge=2, le=128)
    shift: float = Field(default=3.0, ge=1)
    uniform: float = Field(default=0.3, ge=0, le=1)
    both: float = Field(default=0.25, ge=0, le=1)
    unprompted: float = Field(default=0.1, ge=0, le=1)
    face_weight: float = Field(default=2.0, gt=0)
    moving_weight: float = Field(default=3.0, ge=0)
    asked_after: int = Field(default=4, ge=1)
    question_weight: float = Field(default=0.1, ge=0)
    guidance: float = Field(default=3.0, ge=1)
    sampling_steps: int = Field(default=20, ge=1)
    compiled: bool = True
    plan: Plan

    @model_validator(mode="after")
    def _asked_inside(self) -> "MotionRecipe":
        if self.asked_after > self.shape.layers:
            raise ValueError("asked_after must not be more than shape.layers")
        return self


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
        torch.manual_seed(recipe.plan.seed)
        channels, _, side, _ = latents.shape
        stock, text, questions = build_parts(recipe, channels)
        self.network = _as_one(stock, text, questions).to(device)
        self._stock = stock
        self._fast = FastWan(stock, recipe.compiled)
        self._text = text
        self._questions = questions
        self._recipe = recipe
        self._data = data
        self._latents = latents
        self._autoencoder = autoencoder
        self._tokenizer = tokenizer
        self._device = device
        records = data.records
        self._shown = torch.tensor([shown(record) for record in records])
        self._yaw = torch.tensor([record.yaw for record in records])
        self._landmarks = torch.tensor([record.landmarks for record in records])
        faces = np.array([record.face for record in records], np.float32)
        self._emphasis = around(faces, side, recipe.face_weight).astype(np.float16)

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, generator = of_step(recipe.plan.seed, step)
        count = recipe.plan.batch
        chosen = rng.integers(len(self._data), size=count)
        places = torch.from_numpy(chosen)
        batch = self._latents.take(chosen)
        both = torch.from_numpy(rng.random(count) < recipe.both)
        noise = torch.randn(batch.clean.shape, generator=generator)
        left = draw_noise(recipe, rng)
        share = left.view(-1, 1, 1, 1, 1)
        noisy = (1 - share) * batch.clean + share * noise
        inputs = joined(noisy, batch.clean, self._latents.grey, both).to(self._device)
        texts = self._captions(chosen, rng)
        with mixed(self._device):
            states = self._read(texts)
            predicted, inside = self._fast.look_inside(
                inputs, (TIMES * left).to(self._device), states, recipe.asked_after
            )
            answers, turned, missed = self._questions(
                inside,
                *(fact[places].to(self._device) for fact in self._facts),
            )
        aim = (noise - batch.clean).to(self._device)
        error = (predicted.float() - aim).pow(2).mean(dim=1)
        moved = batch.moved[:, 0].to(self._device)
        flow = (error * self._weights(chosen, moved)).mean()
        asked = answers + turned + LANDMARK_WEIGHT * missed
        losses = {
            "loss": flow + recipe.question_weight * asked,
            "flow": flow,
            "shown": answers,
            "yaw": turned,
            "landmarks": missed,
            "moving": (error.detach() * moved).sum() / moved.sum().clamp_min(1e-6),
        }
        return losses

    def sheet(self) -> Image.Image:
        """Strips in pairs: every other frame of a clip, and what is drawn for its caption from its
        first frame; in the last two pairs from its last, too."""
        chosen = np.linspace(0, len(self._data) - 1, 4).astype(np.int64)
        clips = self._data.clips(chosen)
        pipeline = build_pipeline(
            self._autoencoder, self._stock, self._text, self._tokenizer, self._recipe.shift
        )
        rows: list[NDArray[np.uint8]] = []
        for number, (index, clip) in enumerate(zip(chosen, clips, strict=True)):
            take = self._data.records[index]
            drawn = draw_clip(
                pipeline,
                draw_motion_caption(take.person, take.photo, take.motion, seed=0),
                frames=len(clip),
                first=clip[0],
                last=clip[-1] if number >= 2 else None,
                steps=self._recipe.sampling_steps,
                guidance=self._recipe.guidance,
                seed=0,
            )
            rows += [clip[::2], drawn[::2]]
        return grid(np.concatenate(rows), columns=len(rows[0]))

    @property
    def _facts(self) -> tuple[Tensor, Tensor, Tensor]:
        return self._shown, self._yaw, self._landmarks

    def _read(self, texts: Sequence[str]) -> Tensor:
        return request_states(self._text, self._tokenizer, texts, self._recipe.words, self._device)

    def _captions(self, chosen: NDArray[np.int64], rng: Generator) -> list[str]:
        seeds = rng.integers(1 << 30, size=len(chosen)).tolist()
        silent = rng.random(len(chosen)) < self._recipe.unprompted
        takes = [self._data.records[index] for index in chosen]
        return [
            "" if nothing else draw_motion_caption(take.person, take.photo, take.motion, seed)
            for take, seed, nothing in zip(takes, seeds, silent, strict=True)
        ]

    def _weights(self, chosen: NDArray[np.int64], moved: Tensor) -> Tensor:
        """(n, frames, side, side), with a mean of 1 in each clip."""
        weights = torch.from_numpy(self._emphasis[chosen]).float().to(self._device)
        weights = weights * (1 + self._recipe.moving_weight * (moved / MOVED).clamp(max=1))
        weights[:, 0] *= GIVEN
        return weights / weights.mean(dim=(1, 2, 3), keepdim=True)


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


def draw_noise(recipe: MotionRecipe, rng: Generator) -> Tensor:
    """Noise of a batch, spread evenly: errors differ more by noise than by clip."""
    count = recipe.plan.batch
    uniform = round(count * recipe.uniform)
    normal = torch.special.ndtri(spread(rng, count - uniform)).sigmoid()
    share = torch.cat([spread(rng, uniform), normal])[torch.from_numpy(rng.permutation(count))]
    left = recipe.shift * share / (1 + (recipe.shift - 1) * share)
    return left.float().clamp(0.001, 0.999)
