"""A base that the foundry makes of a tiny dataset in seconds."""

import json
from collections.abc import Callable
from pathlib import Path

import torch

from foundry.dataset import Dataset
from foundry.export import export_base
from foundry.latents import Latents
from foundry.parts.autoencoder import AutoencoderRecipe, AutoencoderTask, load_autoencoder
from foundry.parts.transformer import TransformerRecipe, TransformerTask, learn_tokenizer
from foundry.training.loop import train

CPU = torch.device("cpu")
PLAN = {"steps": 12, "batch": 4, "rate": 2e-3, "matrix_rate": 0.02, "warmup": 2} | {
    "average": 4,
    "checkpoint_every": 6,
    "sheet_every": 12,
}
AUTOENCODER = AutoencoderRecipe.model_validate(
    {"size": 32, "shape": {"widths": [8, 16], "latent_channels": 4}, "plan": PLAN}
)
RECIPE = TransformerRecipe.model_validate(
    {
        "size": 32,
        "shape": {"width": 48, "heads": 2, "layers": 2},
        "text": {"vocabulary": 400, "width": 32, "layers": 1, "heads": 2},
        "asked_after": 1,
        "sampling_steps": 2,
        "compiled": False,
        "plan": PLAN,
    }
)
MANIFEST = {
    "name": "tiny",
    "title": "tiny",
    "licence": "Apache-2.0",
    "family": "zimage",
    "resolution": 32,
    "size_multiple": 4,
    "sampling": {"steps": 2, "guidance": 1.0},
    "training": {"resolution": 32, "steps": 1, "batch_size": 1, "rank": 1, "alpha": 1}
    | {"learning_rate": 1e-3, "checkpoint_every": 1},
}


def tiny_transformers(data: Dataset, folder: Path) -> Callable[[], TransformerTask]:
    """Train an autoencoder on `data` (pictures of 32 px) for a few steps; what comes out begins
    trainings of a transformer on its latents."""
    train(AutoencoderTask(AUTOENCODER, data, CPU), AUTOENCODER, AUTOENCODER.plan, folder / "vae")
    vae = load_autoencoder(folder / "vae", data, CPU)
    latents = Latents.of(data, vae, folder / "latents.npy")
    tokenizer = learn_tokenizer(RECIPE, data, folder / "run")
    return lambda: TransformerTask(RECIPE, data, latents, vae, tokenizer, CPU)


def make_tiny_base(data: Dataset, folder: Path) -> Path:
    """Train all parts on `data` for a few steps and export them."""
    train(tiny_transformers(data, folder)(), RECIPE, RECIPE.plan, folder / "run")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    vae = load_autoencoder(folder / "vae", data, CPU)
    export_base(folder / "run", vae, folder / "manifest.json", folder / "base")
    return folder / "base"
