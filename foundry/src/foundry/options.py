"""Options that several commands take."""

from collections.abc import Callable
from pathlib import Path

import click

Folder = click.Path(path_type=Path, file_okay=False)
Existing = click.Path(path_type=Path, file_okay=False, exists=True)
File = click.Path(path_type=Path, dir_okay=False, exists=True)


def training(command: Callable[..., None]) -> Callable[..., None]:
    """Those of every part that learns from pictures."""
    return _training_on(command, "What `foundry render` wrote.")


def motion_training(command: Callable[..., None]) -> Callable[..., None]:
    """Those of every part that learns from clips."""
    return _training_on(command, "What `foundry footage` wrote.")


def _training_on(command: Callable[..., None], data: str) -> Callable[..., None]:
    for option in (
        click.option("--until", type=int, help="Stop at this step."),
        click.option("--run", type=Folder, required=True, help="Where checkpoints are kept."),
        click.option("--data", type=Existing, required=True, help=data),
        click.option("--recipe", type=File, required=True),
    ):
        command = option(command)
    return command
