"""The autoencoder of clips learns, resumes, and knows its latents' mean and spread."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.export_motion import export_frames
from foundry.footage import Footage
from foundry.networks.frames import normalised
from foundry.networks.perception import Perception
from foundry.parts.frames import FramesRecipe, FramesTask, load_frames, trained_frames
from foundry.pictures import to_tensor
from foundry.training.loop import train
from likeness.bases import find_part
from likeness.engine.fast_frames import FastFrames

CPU = torch.device("cpu")
RECIPE = FramesRecipe.model_validate(
    {
        "shape": {"width": 8, "latent_channels": 4},
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


def test_it_learns(make: Callable[[], FramesTask], data: Footage, run: Path) -> None:
    fresh, trained = make(), make()
    trained.network.load_state_dict(trained_frames(run, data).state_dict())
    steps = range(100, 104)

    assert mean_loss(trained, steps) < 0.8 * mean_loss(fresh, steps)
    assert (run / "sheet-000030.png").exists()


def test_it_resumes_exactly(make: Callable[[], FramesTask], tmp_path: Path) -> None:
    check_resuming(make, RECIPE, RECIPE.plan, tmp_path)


def test_a_step_has_a_batch_of_frames_each_with_its_own_face(
    make: Callable[[], FramesTask], data: Footage
) -> None:
    task = make()

    frames, faces = task._frames(np.random.default_rng(0))

    known = {
        frame.tobytes(): face
        for clip, record in enumerate(data.records)
        for frame, face in zip(data.clips([clip])[0], record.face, strict=True)
    }
    assert frames.shape == (4, 32, 32, 3) and faces.shape == (4, 3)
    for frame, face in zip(frames, faces, strict=True):
        found = known.get(frame.tobytes())
        x = face[0] if found is not None else 1 - face[0]
        found = found or known[np.ascontiguousarray(frame[:, ::-1]).tobytes()]
        assert np.allclose((x, *face[1:]), found, atol=1e-6)


def test_what_is_exported_has_the_statistics_that_were_measured(
    data: Footage, run: Path, tmp_path: Path
) -> None:
    export_frames(run, data, tmp_path / "frames")
    vae = load_frames(tmp_path / "frames", CPU)

    latents = normalised(
        vae, FastFrames(vae).encode(to_tensor(np.concatenate(data.clips(range(6)))))[0]
    )
    # The weights were rounded.
    assert abs(float(latents.mean())) < 0.02
    centre = latents.mean(dim=(0, 2, 3), keepdim=True)
    assert abs(float((latents - centre).std()) - 1) < 0.02
