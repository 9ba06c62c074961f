"""Manifests of published bases, for diffusers folders that bring none of their own."""

import json
import re
from pathlib import Path

from likeness.bases.manifest import Manifest, SamplingRecipe, TrainingRecipe


def manifest_for_class(class_name: str, folder: Path) -> Manifest | None:
    """The manifest of a folder with this pipeline class (`_class_name`), or None if unknown.

    The base takes its name and title from its folder; a folder called "turbo" is taken to be
    distilled, which means few steps and no guidance.
    """
    if class_name != "ZImagePipeline":
        return None
    turbo = "turbo" in folder.name.lower()
    return Manifest(
        name=re.sub(r"[^a-z0-9._-]+", "-", folder.name.lower()).strip("-._")[:64] or "zimage",
        title=folder.name or "Z-Image",
        licence="see the folder's own licence",
        family="zimage",
        resolution=1024,
        size_multiple=2 * _shrinking(folder),
        sampling=SamplingRecipe(
            steps=9 if turbo else 28, guidance=0.0 if turbo else 4.0, max_steps=50
        ),
        # 512 px is enough for a likeness and several times cheaper than 1024; rank, rate and
        # number of steps are the ones published for the 6-billion Z-Image.
        training=TrainingRecipe(
            resolution=512,
            steps=1500,
            batch_size=1,
            rank=16,
            alpha=16,
            learning_rate=1e-4,
            warmup_steps=50,
            checkpoint_every=250,
            background_weight=0.2,
            gradient_checkpointing=True,
        ),
    )


def _shrinking(folder: Path) -> int:
    """How many px one latent stands for, along one side."""
    try:
        config = json.loads((folder / "vae" / "config.json").read_text("utf-8"))
        return 2 ** (len(config["block_out_channels"]) - 1)
    except (OSError, ValueError, KeyError, TypeError):
        return 8  # Z-Image's own; a folder that is broken says so when it is loaded
