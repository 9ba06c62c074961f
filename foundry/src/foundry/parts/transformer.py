"""Training the transformer and the text encoder together, by flow matching on cached latents."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel
from numpy.random import Generator
from PIL import Image
from pydantic import Field, model_validator
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast, Qwen3Model

from foundry.dataset import Dataset
from foundry.device import mixed
from foundry.emphasis import around_faces
from foundry.latents import Latents
from foundry.networks.autoencoder import decode
from foundry.networks.questionnaire import Questionnaire
from foundry.networks.text import (
    TextShape,
    build_text_encoder,
    build_tokenizer,
    states_of,
    tokens_of,
)
from foundry.networks.transformer import TransformerShape, build_transformer
from foundry.pictures import grid, to_pixels
from foundry.portraits.caption import draw_caption, full_caption
from foundry.portraits.person import Person
from foundry.portraits.photo import Photo
from foundry.questions import answer_table
from foundry.recipe import Plan, Recipe
from foundry.sampling import guided, sample
from foundry.training.loop import load_trained, recipe_of
from foundry.training.noise import of_step, spread
from likeness.engine.families.fast_zimage import TEXT_BLOCK, FastTransformer

TOKENIZER = "tokenizer"
TOKENIZER_CAPTIONS = 40_000
# Wordings tried before a caption that is too long is cut.
WORDINGS = 4
# Landmarks missed by a tenth of the picture weigh as much as one nat of every answer.
LANDMARK_WEIGHT = 10.0


class TransformerRecipe(Recipe):
    """How mini learns to paint.

    Time (0 = noise, 1 = clean) is uniform in a share `uniform` of a batch, else logit-normal around
    `time_mean`: hues are decided below 0.1, where a logit-normal alone hardly goes. `unprompted` is
    the share of samples without a caption (for guidance). Each `long_every`th step has captions of
    up to 64 tokens, half of which say everything, the others of up to 32. The error weighs
    `face_weight` on the face, 1 elsewhere. After `asked_after` joint blocks the picture's tokens
    are asked what the picture shows and where (networks/questionnaire.py), which weighs
    `question_weight`. `guidance` and `sampling_steps` are for the sheets.
    """

    size: int
    shape: TransformerShape
    text: TextShape
    uniform: float = Field(default=0.5, ge=0, le=1)
    time_mean: float = -0.3
    unprompted: float = Field(default=0.1, ge=0, le=1)
    long_every: int = Field(default=8, ge=2)
    face_weight: float = Field(default=2.0, gt=0)
    asked_after: int = Field(default=3, ge=1)
    question_weight: float = Field(default=0.1, ge=0)
    guidance: float = Field(default=2.0, ge=0)
    sampling_steps: int = Field(default=20, ge=1)
    compiled: bool = True
    plan: Plan

    @model_validator(mode="after")
    def _asked_inside(self) -> "TransformerRecipe":
        if self.asked_after > self.shape.layers:
            raise ValueError("asked_after must not be more than shape.layers")
        return self


class TransformerTask:
    plain = ("embed", "adaLN", "final_layer", "pad_token", "questionnaire")

    def __init__(
        self,
        recipe: TransformerRecipe,
        data: Dataset,
        latents: Latents,
        autoencoder: AutoencoderKL,
        tokenizer: PreTrainedTokenizerFast,
        device: torch.device,
    ) -> None:
        torch.manual_seed(recipe.plan.seed)
        stock, text, questionnaire = build_parts(recipe, latents.shape[0])
        self.network = _as_one(stock, text, questionnaire).to(device)
        self._questionnaire = questionnaire
        self._transformer = FastTransformer(stock, recipe.compiled)
        # Sheets have a batch of their own: compiling for it would take longer than they do.
        self._painter = FastTransformer(stock)
        self._text = text
        self._recipe = recipe
        self._data = data
        self._latents = latents
        self._autoencoder = autoencoder
        self._tokenizer = tokenizer
        self._device = device
        self._known = torch.from_numpy(answer_table(data.entries))
        self._landmarks = torch.tensor([entry.landmarks for entry in data.entries])
        self._faces = around_faces(data.entries, latents.shape[-1], recipe.face_weight)

    def begin_with(self, base: Path) -> None:
        """Take over the weights of an exported base of the same shape; a run that goes on from a
        checkpoint has its own. What asks questions begins anew: it is never exported."""
        loaded = ZImageTransformer2DModel.from_pretrained(base / "transformer", dtype=torch.float32)
        self._transformer.stock.load_state_dict(loaded.state_dict())
        encoder = Qwen3Model.from_pretrained(base / "text_encoder", dtype=torch.float32)
        self._text.load_state_dict(encoder.state_dict())

    def losses(self, step: int) -> dict[str, Tensor]:
        recipe = self._recipe
        rng, generator = of_step(recipe.plan.seed, step)
        batch = recipe.plan.batch
        chosen = rng.integers(len(self._data), size=batch)
        places = torch.from_numpy(chosen)
        clean = self._latents.draw(chosen, generator).to(self._device)
        noise = torch.randn(clean.shape, generator=generator).to(self._device)
        time = _draw_time(recipe, rng).to(self._device)
        share = time.view(-1, 1, 1, 1)
        long = step % recipe.long_every == 0
        captions = self._captions(chosen, rng, long)
        tokens, lengths = tokens_of(self._tokenizer, captions, 2 if long else 1, TEXT_BLOCK)
        with mixed(self._device):
            text = states_of(self._text, tokens.to(self._device))
            predicted, inside = self._transformer.look_inside(
                share * clean + (1 - share) * noise,
                time,
                text,
                lengths.to(self._device),
                recipe.asked_after,
            )
            questions, landmarks = self._questionnaire(
                inside,
                self._known[places].to(self._device),
                self._landmarks[places].to(self._device),
            )
        error = (predicted.float() - (clean - noise)).pow(2).mean(1, keepdim=True)
        weights = self._faces[places].to(self._device)
        flow = (error * weights).mean()
        losses = {
            "loss": flow + recipe.question_weight * (questions + LANDMARK_WEIGHT * landmarks),
            "flow": flow,
            "questions": questions,
            "landmarks": landmarks,
        }
        per_sample = error.detach().mean((1, 2, 3))
        early = time < 0.3
        if early.any() and not early.all():
            losses["early"] = per_sample[early].mean()
            losses["late"] = per_sample[~early].mean()
        return losses

    def sheet(self) -> Image.Image:
        """Captions of pictures of the dataset, and what is painted for them, under the pictures."""
        chosen = np.linspace(0, len(self._data) - 1, 12).astype(np.int64)
        entries = [self._data.entries[index] for index in chosen]
        captions = [full_caption(entry.person, entry.photo) for entry in entries]
        painted = self.paint(captions, seed=0)
        pairs = np.concatenate([self._data.pictures(chosen), painted])
        return grid(pairs, columns=6)

    @torch.no_grad()
    def paint(self, captions: Sequence[str], seed: int) -> np.ndarray:
        """Pictures (n, size, size, 3) uint8 for captions of up to 64 tokens."""
        generator = torch.Generator().manual_seed(seed)
        count = len(captions)
        noise = torch.randn((count, *self._latents.shape), generator=generator).to(self._device)
        asked_for, lengths = tokens_of(self._tokenizer, [*captions, *[""] * count], 2, TEXT_BLOCK)
        # An empty caption of one block, as the pipeline has it, differs a little from one of two.
        with mixed(self._device):
            text = states_of(self._text, asked_for.to(self._device))
        lengths = lengths.to(self._device)

        def predict(noisy: Tensor, time: Tensor) -> Tensor:
            with mixed(self._device):
                return self._painter(noisy, time, text, lengths)

        recipe = self._recipe
        steps = recipe.sampling_steps
        clean = sample(guided(predict, recipe.guidance), noise, steps, generator)
        return to_pixels(decode(self._autoencoder, clean.to(self._device)))

    def _captions(self, chosen: np.ndarray, rng: Generator, long: bool) -> list[str]:
        seeds = rng.integers(1 << 30, size=len(chosen)).tolist()
        silent = rng.random(len(chosen)) < self._recipe.unprompted
        captions: list[str] = []
        for index, seed, say_nothing in zip(chosen.tolist(), seeds, silent, strict=True):
            entry = self._data.entries[index]
            if say_nothing:
                captions.append("")
            elif long and seed % 2:
                captions.append(full_caption(entry.person, entry.photo))
            else:
                blocks = 2 if long else 1
                captions.append(self._caption(entry.person, entry.photo, seed, blocks))
        return captions

    def _caption(self, person: Person, photo: Photo, seed: int, blocks: int) -> str:
        """A wording that fits, if one is soon found; the end of others is cut."""
        caption = ""
        for wording in range(WORDINGS):
            caption = draw_caption(person, photo, seed + wording)
            if len(self._tokenizer(caption)["input_ids"]) < blocks * TEXT_BLOCK:
                break
        return caption


Parts = tuple[ZImageTransformer2DModel, Qwen3Model, Questionnaire]


def build_parts(recipe: TransformerRecipe, latent_channels: int) -> Parts:
    """Fresh transformer, text encoder and questionnaire."""
    return (
        build_transformer(recipe.shape, latent_channels, recipe.text.width),
        build_text_encoder(recipe.text),
        Questionnaire(recipe.shape.width),
    )


def load_parts(run: Path, latent_channels: int) -> tuple[ZImageTransformer2DModel, Qwen3Model]:
    """The trained transformer and text encoder of a run."""
    parts = build_parts(recipe_of(run, TransformerRecipe), latent_channels)
    load_trained(_as_one(*parts), run)
    return parts[:2]


def _as_one(
    transformer: ZImageTransformer2DModel, text: Qwen3Model, questionnaire: Questionnaire
) -> nn.ModuleDict:
    return nn.ModuleDict({"transformer": transformer, "text": text, "questionnaire": questionnaire})


def learn_tokenizer(
    recipe: TransformerRecipe, data: Dataset, run: Path, begin: Path | None = None
) -> PreTrainedTokenizerFast:
    """The tokenizer of a run: learned from captions of its pictures once, or taken from the base
    to `begin` with, then read again."""
    folder = run / TOKENIZER
    if begin is not None and not folder.exists():
        shutil.copytree(begin / TOKENIZER, folder)
    if not folder.exists():
        count = len(data)
        captions = (
            draw_caption(entry.person, entry.photo, seed)
            for seed in range(-(-TOKENIZER_CAPTIONS // count))
            for entry in data.entries
        )
        build_tokenizer(captions, recipe.text.vocabulary).save_pretrained(folder)
    return PreTrainedTokenizerFast.from_pretrained(folder)


def _draw_time(recipe: TransformerRecipe, rng: Generator) -> Tensor:
    """Times of a batch, spread evenly: errors differ more by time than by picture."""
    count = recipe.plan.batch
    uniform = round(count * recipe.uniform)
    normal = torch.special.ndtri(spread(rng, count - uniform)) + recipe.time_mean
    time = torch.cat([spread(rng, uniform), normal.sigmoid()])
    return time[torch.from_numpy(rng.permutation(count))].float().clamp(0.001, 0.999)
