"""The commands that make what moves people."""

from pathlib import Path

import click

from foundry.options import Existing, Folder, motion_training


@click.command()
@motion_training
@click.option("--faces", type=Existing, required=True, help="Exported faces' folder.")
def frames(recipe: Path, data: Path, run: Path, until: int | None, faces: Path) -> None:
    """Clips to latents and back."""
    from foundry.device import pick_device
    from foundry.footage import Footage
    from foundry.networks.perception import Perception
    from foundry.parts.frames import FramesRecipe, FramesTask
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, FramesRecipe)
    device = pick_device()
    perception = Perception.load(faces, device)
    task = FramesTask(loaded, Footage.open(data), perception, device)
    train_part(task, loaded, loaded.plan, run, until)


@click.command()
@motion_training
@click.option("--frames", "coder", type=Existing, required=True, help="Exported frames' folder.")
def motion(recipe: Path, data: Path, run: Path, until: int | None, coder: Path) -> None:
    """Captions and guides to clips; the text encoder learns along."""
    from foundry.clip_latents import ClipLatents
    from foundry.device import pick_device
    from foundry.footage import Footage
    from foundry.parts.frames import load_frames
    from foundry.parts.motion import MotionTask, learn_request_tokenizer
    from foundry.parts.motion_recipe import MotionRecipe
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, MotionRecipe)
    clips = Footage.open(data)
    device = pick_device()
    vae = load_frames(coder, device)
    run.mkdir(parents=True, exist_ok=True)
    latents = ClipLatents.of(clips, vae, run / "latents")
    tokenizer = learn_request_tokenizer(loaded, clips, run)
    task = MotionTask(loaded, clips, latents, vae, tokenizer, device)
    train_part(task, loaded, loaded.plan, run, until)


@click.command()
@click.option("--run", type=Existing, required=True)
@click.option("--data", type=Existing, required=True, help="What it learned from.")
@click.argument("folder", type=Folder)
def export_frames(run: Path, data: Path, folder: Path) -> None:
    """Write the autoencoder of clips into FOLDER."""
    from foundry.export_motion import export_frames as export_all
    from foundry.footage import Footage

    export_all(run, Footage.open(data), folder)


@click.command()
@click.option("--frames", type=Existing, required=True, help="Exported frames' folder.")
@click.option("--motion", type=Existing, required=True, help="A run.")
@click.option("--data", type=Existing, required=True, help="What it learned from.")
@click.argument("folder", type=Folder)
def export_motion(frames: Path, motion: Path, data: Path, folder: Path) -> None:
    """Write what makes clips into FOLDER: a diffusers pipeline and its model card."""
    import torch

    from foundry.export_motion import export_motion as export_all
    from foundry.footage import Footage
    from foundry.parts.frames import load_frames

    clips = Footage.open(data)
    export_all(motion, load_frames(frames, torch.device("cpu")), clips, folder)


@click.command()
@motion_training
@click.option("--judge", type=Existing, required=True, help="The judge's run, or exported judges.")
def motion_judge(recipe: Path, data: Path, run: Path, until: int | None, judge: Path) -> None:
    """Judging which movements are in clips; on people that no other part has seen."""
    from foundry.device import pick_device
    from foundry.footage import Footage
    from foundry.judge import Judge
    from foundry.parts.motion_judge import MotionJudgeRecipe, MotionJudgeTask, look_at_all
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, MotionJudgeRecipe)
    clips = Footage.open(data)
    run.mkdir(parents=True, exist_ok=True)
    seen = look_at_all(Judge.load(judge, pick_device()), clips, run)
    train_part(MotionJudgeTask(loaded, clips, seen), loaded, loaded.plan, run, until)


@click.command()
@click.option("--pipeline", type=Existing, help="What `export-motion` wrote; else what ships.")
@click.option("--judges", type=Existing, required=True, help="What `export-judges` wrote.")
@click.option("--data", type=Existing, required=True, help="Footage of held-out people.")
@click.option("--people", default=50, show_default=True, help="So many, a clip of each.")
@click.option("--run", type=Folder, required=True, help="Where figures and pictures are kept.")
def evaluate_motion(
    pipeline: Path | None, judges: Path, data: Path, people: int, run: Path
) -> None:
    """Measure everything that is claimed of motion; the same command again goes on."""
    from foundry.evaluation.motion import MotionCommission
    from foundry.evaluation.motion import evaluate_motion as evaluate_all

    click.echo(evaluate_all(MotionCommission(pipeline, judges, data, people), run))
