"""`foundry`: from an asset pack to the weights that ship."""

import sys
from importlib import import_module
from pathlib import Path

import click

from foundry.errors import FoundryError
from foundry.motion_commands import (
    evaluate_motion,
    export_frames,
    export_motion,
    frames,
    motion,
    motion_judge,
)
from foundry.options import Existing, File, Folder, training

# Parts that need nothing but pictures: their module's task, and what they do.
PARTS = {
    "autoencoder": ("Autoencoder", "Pictures to latents and back."),
    "faces": ("Faces", "Finding, describing and telling apart faces."),
    "figures": ("Figures", "Where people are in pictures; wants cut-outs."),
    "judge": ("Judge", "Judging pictures; on people that no other part has seen."),
    "upscaler": ("Upscaler", "Pictures to four times their size; wants renders of 512 px."),
}


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FoundryError as error:
            click.echo(str(error), err=True)
            sys.exit(2)


@click.group(cls=_Group)
def cli() -> None:
    """Make mini: render people, train its parts on them, judge and export them."""


@cli.command()
@click.argument("pack", type=Existing)
@click.argument("folder", type=Folder)
@click.option("--people", default=1000, show_default=True)
@click.option("--photos", default=6, show_default=True, help="Photos of each person.")
@click.option("--size", default=128, show_default=True, help="Side of the pictures in px.")
@click.option("--seed", default=0, show_default=True, help="Another seed, other people.")
@click.option("--cut-out", is_flag=True, help="The people alone, for `train figures`.")
@click.option("--workers", default=1, show_default=True, help="Processes.")
def render(
    pack: Path,
    folder: Path,
    people: int,
    photos: int,
    size: int,
    seed: int,
    cut_out: bool,
    workers: int,
) -> None:
    """Render people from the asset PACK into FOLDER."""
    from foundry.rendering import Commission
    from foundry.rendering import render as render_all

    render_all(Commission(pack, folder, people, photos, size, seed, cut_out), workers)


@cli.command("export-rig")
@click.argument("pack", type=Existing)
@click.argument("package", type=Folder)
def export_rig(pack: Path, package: Path) -> None:
    """Write the rig, which moves people in pictures, from the asset PACK into the PACKAGE."""
    from foundry.portraits.pack import AssetPack
    from foundry.rigging import build_rig

    folder = package / "rig"
    folder.mkdir(parents=True, exist_ok=True)
    build_rig(AssetPack(pack)).save(folder)


@cli.command("export-figures")
@click.option("--run", type=Existing, required=True, help="A run.")
@click.argument("package", type=Folder)
def export_figures(run: Path, package: Path) -> None:
    """Write what tells people from what is behind them into the PACKAGE."""
    from foundry.export import export_figures as export_all

    export_all(run, package)


@cli.command()
@click.argument("folder", type=Existing)
@click.option("--workers", default=1, show_default=True, help="Processes.")
def guides(folder: Path, workers: int) -> None:
    """Make guides of the footage in FOLDER: what the rig makes of first frames."""
    from foundry.guides import write_guides

    write_guides(folder, workers)


@cli.command()
@click.argument("pack", type=Existing)
@click.argument("folder", type=Folder)
@click.option("--people", default=1000, show_default=True)
@click.option("--clips", default=4, show_default=True, help="Clips of each person.")
@click.option("--frames", type=click.IntRange(1), default=17, show_default=True)
@click.option("--rate", default=8.0, show_default=True, help="Frames a second.")
@click.option("--size", default=128, show_default=True, help="Side of the frames in px.")
@click.option("--seed", default=0, show_default=True, help="Another seed, other people.")
@click.option("--workers", default=1, show_default=True, help="Processes.")
def footage(
    pack: Path,
    folder: Path,
    people: int,
    clips: int,
    frames: int,
    rate: float,
    size: int,
    seed: int,
    workers: int,
) -> None:
    """Film people from the asset PACK who move, into FOLDER."""
    from foundry.filming import Shoot, film

    film(Shoot(pack, folder, people, clips, frames, rate, size, seed), workers)


@cli.group()
def train() -> None:
    """Train a part; the same command again goes on where it stopped."""


def _part(name: str, title: str, summary: str) -> None:
    @train.command(name, help=summary)
    @training
    def command(recipe: Path, data: Path, run: Path, until: int | None) -> None:
        from foundry.dataset import Dataset
        from foundry.device import pick_device
        from foundry.recipe import load_recipe
        from foundry.training.loop import train as train_part

        part = import_module(f"foundry.parts.{name}")
        loaded = load_recipe(recipe, getattr(part, f"{title}Recipe"))
        task = getattr(part, f"{title}Task")(loaded, Dataset.open(data), pick_device())
        train_part(task, loaded, loaded.plan, run, until)


for _name, (_title, _summary) in PARTS.items():
    _part(_name, _title, _summary)


@train.command()
@training
@click.option("--autoencoder", type=Existing, required=True, help="Its run, or a base's folder.")
@click.option("--begin", type=Existing, help="A base to begin with, instead of chance.")
def transformer(
    recipe: Path,
    data: Path,
    run: Path,
    until: int | None,
    autoencoder: Path,
    begin: Path | None,
) -> None:
    """Captions and noise to latents; the text encoder learns along."""
    from foundry.dataset import Dataset
    from foundry.device import pick_device
    from foundry.latents import Latents
    from foundry.parts.autoencoder import load_autoencoder
    from foundry.parts.transformer import TransformerRecipe, TransformerTask, learn_tokenizer
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, TransformerRecipe)
    pictures = Dataset.open(data)
    device = pick_device()
    vae = load_autoencoder(autoencoder, pictures, device)
    run.mkdir(parents=True, exist_ok=True)
    latents = Latents.of(pictures, vae, run / "latents.npy")
    tokenizer = learn_tokenizer(loaded, pictures, run, begin)
    task = TransformerTask(loaded, pictures, latents, vae, tokenizer, device)
    if begin is not None:
        task.begin_with(begin)
    train_part(task, loaded, loaded.plan, run, until)


@train.command()
@training
@click.option("--base", required=True, help="An exported base's folder.")
@click.option("--faces", type=Existing, required=True, help="Exported faces' folder.")
def decoder(recipe: Path, data: Path, run: Path, until: int | None, base: str, faces: Path) -> None:
    """Latents as a base draws them to clear faces; the encoder stays. Leaves an autoencoder."""
    import torch

    from foundry.dataset import Dataset
    from foundry.device import pick_device
    from foundry.guesses import Guesses
    from foundry.networks.perception import Perception
    from foundry.parts.autoencoder import load_autoencoder
    from foundry.parts.decoder import DecoderRecipe, DecoderTask
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part
    from likeness.bases import find_base

    loaded = load_recipe(recipe, DecoderRecipe)
    pictures = Dataset.open(data)
    device = pick_device()
    found = find_base(base)
    vae = load_autoencoder(found.folder, pictures, torch.device("cpu"))
    run.mkdir(parents=True, exist_ok=True)
    guesses = Guesses.of(pictures, loaded.pictures, found, device, run / "guesses.npz")
    task = DecoderTask(loaded, pictures, guesses, vae, Perception.load(faces, device), device)
    train_part(task, loaded, loaded.plan, run, until)
    task.write(run)


@cli.command()
@click.option("--autoencoder", type=Existing, required=True, help="A run, or a base's folder.")
@click.option("--transformer", type=Existing, required=True, help="A run.")
@click.option("--faces", type=Existing, help="A run; without it the package's stay as they are.")
@click.option("--upscaler", type=Existing, help="The same.")
@click.option("--data", type=Existing, required=True, help="What the transformer learned from.")
@click.option("--manifest", type=File, required=True, help="The base's manifest.json.")
@click.argument("package", type=Folder)
def export(
    autoencoder: Path,
    transformer: Path,
    faces: Path | None,
    upscaler: Path | None,
    data: Path,
    manifest: Path,
    package: Path,
) -> None:
    """Write all parts that ship into the PACKAGE's folder: base, faces, upscaler."""
    import torch

    from foundry.dataset import Dataset
    from foundry.export import check_sizes, export_base, export_faces, export_upscaler
    from foundry.parts.autoencoder import load_autoencoder

    vae = load_autoencoder(autoencoder, Dataset.open(data), torch.device("cpu"))
    export_base(transformer, vae, manifest, package / "base")
    if faces is not None:
        export_faces(faces, package)
    if upscaler is not None:
        export_upscaler(upscaler, package)
    click.echo(f"{check_sizes(package):,} bytes of weights in {package}")


@cli.command()
@click.option("--judge", type=Existing, required=True, help="A run.")
@click.option("--motion-judge", type=Existing, help="The same.")
@click.argument("folder", type=Folder)
def export_judges(judge: Path, motion_judge: Path | None, folder: Path) -> None:
    """Write what measures into FOLDER, so that everybody can."""
    from foundry.export import export_judges as export_all

    export_all(judge, motion_judge, folder)


@cli.command()
@click.option("--base", required=True, help="A base's name or folder.")
@click.option("--judge", type=Existing, required=True, help="The judge's run, or exported judges.")
@click.option("--data", type=Existing, required=True, help="Held-out people, 24 photos of each.")
@click.option("--large", type=Existing, required=True, help="Held-out renders of 512 px.")
@click.option("--people", default=20, show_default=True, help="How many to train adapters for.")
@click.option("--threads", default=2, show_default=True)
@click.option("--run", type=Folder, required=True, help="Where figures and pictures are kept.")
def evaluate(
    base: str,
    judge: Path,
    data: Path,
    large: Path,
    people: int,
    threads: int,
    run: Path,
) -> None:
    """Measure everything that is claimed of mini; the same command again goes on."""
    from foundry.evaluation.report import Commission, evaluate_all

    commission = Commission(base, judge, data, large, people, threads)
    click.echo(evaluate_all(commission, run))


cli.add_command(evaluate_motion)
cli.add_command(export_frames)
cli.add_command(export_motion)
train.add_command(frames)
train.add_command(motion)
train.add_command(motion_judge)
