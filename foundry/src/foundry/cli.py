"""`foundry`: from an asset pack to the weights that ship."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from foundry.errors import FoundryError

Folder = click.Path(path_type=Path, file_okay=False)
File = click.Path(path_type=Path, dir_okay=False, exists=True)


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
@click.argument("pack", type=Folder)
@click.argument("folder", type=Folder)
@click.option("--people", default=1000, show_default=True)
@click.option("--photos", default=6, show_default=True, help="Photos of each person.")
@click.option("--size", default=128, show_default=True, help="Side of the pictures in px.")
@click.option("--seed", default=0, show_default=True, help="Another seed, other people.")
@click.option("--workers", default=1, show_default=True, help="Processes.")
def render(
    pack: Path, folder: Path, people: int, photos: int, size: int, seed: int, workers: int
) -> None:
    """Render people from the asset PACK into FOLDER."""
    from foundry.rendering import Commission
    from foundry.rendering import render as render_all

    render_all(Commission(pack, folder, people, photos, size, seed), workers)


@cli.group()
def train() -> None:
    """Train a part; the same command again goes on where it stopped."""


def _training(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--until", type=int, help="Stop at this step."),
        click.option("--run", type=Folder, required=True, help="Where checkpoints are kept."),
        click.option("--data", type=Folder, required=True, help="What `foundry render` wrote."),
        click.option("--recipe", type=File, required=True),
    ):
        command = option(command)
    return command


@train.command()
@_training
def autoencoder(recipe: Path, data: Path, run: Path, until: int | None) -> None:
    """Pictures to latents and back."""
    from foundry.dataset import Dataset
    from foundry.device import pick_device
    from foundry.parts.autoencoder import AutoencoderRecipe, AutoencoderTask
    from foundry.recipe import load_recipe
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, AutoencoderRecipe)
    task = AutoencoderTask(loaded, Dataset.open(data), pick_device())
    train_part(task, loaded, loaded.plan, run, until)


@train.command()
@_training
@click.option("--autoencoder", type=Folder, required=True, help="The run of the autoencoder.")
def transformer(recipe: Path, data: Path, run: Path, until: int | None, autoencoder: Path) -> None:
    """Captions and noise to latents; the text encoder learns along."""
    from foundry.dataset import Dataset
    from foundry.device import pick_device
    from foundry.latents import Latents
    from foundry.parts.autoencoder import AutoencoderRecipe, load_autoencoder
    from foundry.parts.transformer import TransformerRecipe, TransformerTask, learn_tokenizer
    from foundry.recipe import load_recipe
    from foundry.training.loop import recipe_of
    from foundry.training.loop import train as train_part

    loaded = load_recipe(recipe, TransformerRecipe)
    pictures = Dataset.open(data)
    device = pick_device()
    vae = load_autoencoder(recipe_of(autoencoder, AutoencoderRecipe), autoencoder, pictures, device)
    run.mkdir(parents=True, exist_ok=True)
    latents = Latents.of(pictures, vae, run / "latents.npy")
    tokenizer = learn_tokenizer(loaded, pictures, run)
    task = TransformerTask(loaded, pictures, latents, vae, tokenizer, device)
    train_part(task, loaded, loaded.plan, run, until)
