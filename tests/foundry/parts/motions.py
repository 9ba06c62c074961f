"""A tiny autoencoder and transformer of clips, and the footage that they learn from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from foundry.clip_latents import ClipLatents
from foundry.export_motion import export_frames
from foundry.footage import Footage
from foundry.motion_pipeline import build_pipeline
from foundry.networks.frames import FramesShape, build_frames, set_statistics
from foundry.networks.perception import Perception
from foundry.networks.requests import build_request_tokenizer
from foundry.parts.frames import FramesRecipe, FramesTask, load_frames
from foundry.parts.motion import MotionTask, build_parts, learn_request_tokenizer
from foundry.parts.motion_recipe import MotionRecipe
from foundry.training.loop import train
from likeness.bases import find_part

CPU = torch.device("cpu")
PLAN = {"steps": 12, "batch": 4, "rate": 4e-3, "matrix_rate": 0.02, "warmup": 2} | {
    "average": 4,
    "checkpoint_every": 6,
    "sheet_every": 12,
}
FRAMES = FramesRecipe.model_validate(
    {
        "shape": {"width": 8, "latent_channels": 4},
        "compiled": False,
        "plan": PLAN,
    }
)
MOTION = MotionRecipe.model_validate(
    {
        "shape": {"width": 48, "heads": 2, "layers": 2, "hidden": 64},
        "text": {"vocabulary": 400, "width": 32, "layers": 1, "heads": 2},
        "words": 24,
        "compiled": False,
        "plan": PLAN | {"steps": 48, "checkpoint_every": 24, "sheet_every": 48},
    }
)


def tiny_pipeline() -> Any:
    """Of random weights."""
    torch.manual_seed(0)
    shape = FramesShape(width=8, latent_channels=4)
    vae = build_frames(shape).eval().requires_grad_(False)
    set_statistics(vae, torch.randn(4, 4, 4, 4) * 0.3 + 0.1)
    transformer, text = build_parts(MOTION, 4)
    tokenizer = build_request_tokenizer(["she turns her head to the left"], 400)
    return build_pipeline(vae, transformer.eval(), text.eval(), tokenizer)


def tiny_frames(data: Footage, folder: Path) -> None:
    """Train an autoencoder of clips on `data` (32 px) for a few steps."""
    perception = Perception.load(find_part("faces"), CPU)
    train(FramesTask(FRAMES, data, perception, CPU), FRAMES, FRAMES.plan, folder)


def tiny_motions(data: Footage, folder: Path) -> Callable[[], MotionTask]:
    """Train an autoencoder; what comes out begins trainings of a transformer on its latents."""
    tiny_frames(data, folder / "frames-run")
    export_frames(folder / "frames-run", data, folder / "frames")
    vae = load_frames(folder / "frames", CPU)
    latents = ClipLatents.of(data, vae, folder / "latents")
    tokenizer = learn_request_tokenizer(MOTION, data, folder / "run")
    return lambda: MotionTask(MOTION, data, latents, vae, tokenizer, CPU)
