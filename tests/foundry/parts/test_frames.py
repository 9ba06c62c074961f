"""The autoencoder of clips learns, resumes, and knows its latents' mean and spread."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.footage import Footage
from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import normalised
from foundry.networks.perception import Perception
from foundry.parts.frames import FramesRecipe, FramesTask, load_frames
from foundry.pictures import clips_to_tensor
from foundry.training.loop import train
from likeness.bases import find_part

CPU = torch.device("cpu")
RECIPE = FramesRecipe.model_validate(
    {
        "shape": {"width": 8, "latent_channels": 4},
        "lengths": [5, 9],
        "compiled": False,
        "plan": {"steps": 30, "batch": 4, "rate": 2e-3, "matrix_rate": 0.02, "warmup": 5}
        | {"average": 5, "checkpoint_every": 10, "sheet_every": 30},
    }
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return write_footage(tmp_path_factory.mktemp("data"), people=3, clips=2, frames=9, size=32)


@pytest.fixture(scope="module")
def make(data: Footage) -> Callable[[], FramesTask]:
    perception = Perception.load(find_part("faces"), CPU)
    return lambda: FramesTask(RECIPE, data, perception, CPU)


@pytest.fixture(scope="module")
def run(make: Callable[[], FramesTask], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(make(), RECIPE, RECIPE.plan, folder)
    return folder


@pytest.mark.parametrize("lengths", [[], [1], [5, 8]])
def test_pieces_have_whole_moments(lengths: list[int]) -> None:
    with pytest.raises(ValidationError, match="5, 9, 13"):
        FramesRecipe.model_validate(RECIPE.model_dump() | {"lengths": lengths})


def test_it_learns(make: Callable[[], FramesTask], data: Footage, run: Path) -> None:
    fresh, trained = make(), make()
    trained.network.load_state_dict(load_frames(run, data, CPU).state_dict())
    steps = range(100, 104)

    assert mean_loss(trained, steps) < 0.8 * mean_loss(fresh, steps)
    assert (run / "sheet-000030.png").exists()


def test_it_resumes_exactly(make: Callable[[], FramesTask], tmp_path: Path) -> None:
    check_resuming(make, RECIPE, RECIPE.plan, tmp_path)


def test_each_step_has_about_as_many_frames(make: Callable[[], FramesTask]) -> None:
    task, seen = make(), []
    forward = task._fast.encode
    task._fast.encode = lambda clips: seen.append(tuple(clips.shape)) or forward(clips)

    for step in range(2):
        task.losses(step)

    assert seen == [(4, 3, 5, 32, 32), (2, 3, 9, 32, 32)]


def test_the_statistics_of_a_run_are_measured(data: Footage, run: Path) -> None:
    vae = load_frames(run, data, CPU)

    clips = clips_to_tensor(data.clips(np.arange(len(data))))
    latents = normalised(vae, FastFrames(vae).encode(clips)[0])
    assert abs(float(latents.mean())) < 1e-3
    assert abs(float((latents - latents.mean(dim=(0, 2, 3, 4), keepdim=True)).std()) - 1) < 1e-3
