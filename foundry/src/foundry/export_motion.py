"""From runs to the pipeline that makes videos of a picture."""

import shutil
from pathlib import Path
from typing import Any, cast

from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline
from torch import nn
from transformers import PreTrainedTokenizerFast

from foundry.errors import TooLarge
from foundry.export import drop_traces
from foundry.footage import Footage
from foundry.motion_pipeline import build_pipeline
from foundry.parts.frames import trained_frames
from foundry.parts.motion import TOKENIZER, load_motion
from foundry.parts.motion_recipe import MotionRecipe
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.training.loop import recipe_of, step_of
from likeness.engine.acting.motion import KINDS
from likeness.engine.clip_manifest import FILE as MANIFEST
from likeness.engine.clip_manifest import ClipManifest

LARGEST = 14_000_000  # bytes of weights, all parts together

CARD = """\
# {name}

A `WanImageToVideoPipeline` of diffusers, in bfloat16, that paints what turns into view when a \
person moves. It is given a guide, which is roughly what each picture is to show, a mask that says \
how much of it is known, and words for what moves: {frames} frames of {size} × {size} px at \
{rate:g} a second. Trained from nothing.

**Use.** `GuidedPipeline` of the project loads the folder: its `corrections` are what to add to \
the guide's colours. It takes {frames} frames at a time, the first of the clip and others that \
follow each other, and one step. Load the autoencoder in float32: in half precision it leaves \
bands. `DiffusionPipeline.from_pretrained` loads it too, but without a guide it paints nothing.

**Parts.** {parts}.

**Data.** {clips:,} clips of {people:,} people, rendered by the project's foundry (`foundry \
footage`) from MakeHuman's CC0 assets. No film or photograph of anybody was used.

**Training.** {steps:,} steps of {batch} clips, seed {seed}, by `foundry train motion`; \
captions such as "{example}".

**Limits.** It has seen renders only, of one person from head to chest who moves for {seconds:.0f} \
seconds. Movements: {movements}. Other words change little.

Licence: Apache-2.0.
"""


def export_frames(run: Path, data: Footage, folder: Path) -> None:
    """Write the autoencoder of a run, in bfloat16, in place of `folder`; `data` is what the
    statistics of its latents are measured on."""
    vae = trained_frames(run, data)
    _round(vae)
    shutil.rmtree(folder, ignore_errors=True)
    vae.save_pretrained(folder)
    drop_traces(folder)


def export_motion(run: Path, autoencoder: AutoencoderKLWan, data: Footage, folder: Path) -> None:
    """Write a pipeline in place of `folder`.

    `run` is the transformer's, `data` what it learned from; `autoencoder` has the statistics of
    its latents in its configuration. Raises TooLarge.
    """
    recipe = recipe_of(run, MotionRecipe)
    transformer, encoder = load_motion(run, int(cast(Any, autoencoder.config).z_dim))
    tokenizer = PreTrainedTokenizerFast.from_pretrained(run / TOKENIZER)
    guided = build_pipeline(autoencoder, transformer, encoder, tokenizer)
    stock: Any = WanImageToVideoPipeline
    pipeline = stock(**guided.components)
    for network in (autoencoder, transformer, encoder):
        _round(network)
    shutil.rmtree(folder, ignore_errors=True)
    pipeline.save_pretrained(folder)
    drop_traces(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    if size > LARGEST:
        raise TooLarge(folder, size, LARGEST)
    (folder / "README.md").write_text(_card(folder, run, recipe, data))
    manifest = ClipManifest(
        rate=round(data.records[0].motion.rate),
        window=recipe.window,
        side=data.size,
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n")


def _round(network: nn.Module) -> None:
    """To bfloat16, but for what diffusers reads in float32, whatever it is asked for."""
    kept: list[str] = getattr(network, "_keep_in_fp32_modules", None) or []
    for name, weight in network.named_parameters():
        if not any(part in name for part in kept):
            weight.data = weight.data.bfloat16()


def _card(folder: Path, run: Path, recipe: MotionRecipe, data: Footage) -> str:
    take = data.records[0]
    sizes = {
        path.parent.name: path.stat().st_size for path in sorted(folder.rglob("*.safetensors"))
    }
    return CARD.format(
        name=folder.name,
        frames=recipe.window,
        size=data.size,
        rate=take.motion.rate,
        parts=", ".join(f"`{name}` {size / 1e6:.1f} MB" for name, size in sizes.items()),
        clips=len(data),
        people=len(data.people()),
        steps=step_of(run),
        batch=recipe.plan.batch,
        seed=recipe.plan.seed,
        example=draw_motion_caption(take.person, take.photo, take.motion, seed=0),
        seconds=data.frames / take.motion.rate,
        movements=", ".join(KINDS),
    )
