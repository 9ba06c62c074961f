"""From runs to the weights that ship."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.pipelines.z_image.pipeline_z_image import ZImagePipeline
from torch import nn
from transformers import PreTrainedTokenizerFast

from foundry.errors import TooLarge
from foundry.parts.faces import load_faces
from foundry.parts.figures import load_figures
from foundry.parts.judge import FILE as JUDGE_FILE
from foundry.parts.judge import load_judge
from foundry.parts.motion_judge import FILE as MOTION_JUDGE_FILE
from foundry.parts.motion_judge import load_motion_judge
from foundry.parts.transformer import TOKENIZER, load_parts
from foundry.parts.upscaler import load_upscaler
from foundry.sampling import build_scheduler
from likeness.bases.manifest import Manifest
from likeness.engine.faces import FILE as FACES_FILE
from likeness.engine.figure import FILE as FIGURES_FILE
from likeness.engine.upscaling import FILE as UPSCALER_FILE
from likeness.engine.weights import save_weights

LARGEST_PACKAGE = 45_000_000  # bytes, all parts together
LARGEST_FILE = 15_000_000


def export_base(run: Path, autoencoder: AutoencoderKL, manifest: Path, folder: Path) -> None:
    """Write a base: a ZImagePipeline folder in bfloat16, with its manifest, in place of `folder`.

    `run` is the transformer's; `autoencoder` as it was trained on, its latents scaled. Raises
    pydantic's ValidationError if the manifest is not one.
    """
    checked = Manifest.model_validate_json(manifest.read_text())
    stock, text = load_parts(run, int(cast(Any, autoencoder.config).latent_channels))
    pipeline = ZImagePipeline(
        scheduler=build_scheduler(),
        vae=autoencoder,
        text_encoder=text,
        tokenizer=PreTrainedTokenizerFast.from_pretrained(run / TOKENIZER),
        transformer=stock,
    )
    untyped: Any = pipeline
    untyped.to(torch.bfloat16)
    shutil.rmtree(folder, ignore_errors=True)
    untyped.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    (folder / "manifest.json").write_text(checked.model_dump_json(indent=2, exclude_unset=True))
    drop_traces(folder)


def export_faces(run: Path, package: Path) -> None:
    """Write the face networks of a run into their folder of the package."""
    _export_small(load_faces(run), package / "faces" / FACES_FILE)


def export_figures(run: Path, package: Path) -> None:
    """Write what tells figures, of a run, into its folder of the package."""
    _export_small(load_figures(run), package / "figures" / FIGURES_FILE)


def export_upscaler(run: Path, package: Path) -> None:
    """Write the upscaler of a run into its folder of the package."""
    _export_small(load_upscaler(run), package / "upscaler" / UPSCALER_FILE)


def export_judges(judge: Path, motion_judge: Path | None, folder: Path) -> None:
    """Write what measures, of their runs, into a folder of its own; it does not ship."""
    _export_small(load_judge(judge), folder / JUDGE_FILE)
    if motion_judge is not None:
        _export_small(load_motion_judge(motion_judge), folder / MOTION_JUDGE_FILE)


def check_sizes(package: Path) -> int:
    """Bytes of all weights in the package. Raises TooLarge."""
    sizes = {path: path.stat().st_size for path in package.rglob("*.safetensors")}
    for path, size in sizes.items():
        if size > LARGEST_FILE:
            raise TooLarge(path, size, LARGEST_FILE)
    total = sum(sizes.values())
    if total > LARGEST_PACKAGE:
        raise TooLarge(package, total, LARGEST_PACKAGE)
    return total


def drop_traces(folder: Path) -> None:
    """Configurations remember where they were loaded from: nobody else has that path."""
    for path in _configurations(folder):
        content = json.loads(path.read_text())
        if content.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(content, indent=2) + "\n")


def _export_small(network: nn.Module, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    save_weights(network, file)


def _configurations(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("config.json")
    yield from folder.rglob("model_index.json")
