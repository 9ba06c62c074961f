"""The autoencoder learns, resumes, and its latents can be scaled without being seen."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.networks.autoencoder import decode, encode, scale_latents
from foundry.parts.autoencoder import AutoencoderRecipe, AutoencoderTask, load_autoencoder
from foundry.training.loop import train

CPU = torch.device("cpu")
RECIPE = AutoencoderRecipe.model_validate(
    {
        "size": 32,
        "shape": {"widths": [8, 16], "latent_channels": 4},
        "plan": {"steps": 30, "batch": 4, "rate": 2e-3, "matrix_rate": 0.02, "warmup": 5}
        | {"average": 5, "checkpoint_every": 10, "sheet_every": 30},
    }
)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return write_dataset(tmp_path / "data", people=4, photos=3, size=32)


def test_it_learns(data: Dataset, tmp_path: Path) -> None:
    task = AutoencoderTask(RECIPE, data, CPU)
    before = mean_loss(task, range(100, 104))

    train(task, RECIPE, RECIPE.plan, tmp_path / "run")

    assert mean_loss(task, range(100, 104)) < 0.8 * before
    assert (tmp_path / "run" / "sheet-000030.png").exists()


def test_it_resumes_exactly(data: Dataset, tmp_path: Path) -> None:
    check_resuming(lambda: AutoencoderTask(RECIPE, data, CPU), RECIPE, RECIPE.plan, tmp_path)


def test_scaling_latents_changes_nothing_else(data: Dataset) -> None:
    vae = AutoencoderTask(RECIPE, data, CPU).network
    pixels = torch.rand(2, 3, 32, 32) * 2 - 1
    with torch.no_grad():
        mean, log_variance = encode(vae, pixels)
        decoded = decode(vae, mean)
        scale_latents(vae, 2.0)
        scaled, scaled_variance = encode(vae, pixels)

    assert torch.allclose(scaled, mean / 2, atol=1e-5)
    spread = (0.5 * (log_variance - scaled_variance)).exp()
    assert torch.allclose(spread, torch.full_like(spread, 2.0), rtol=1e-3)
    assert torch.allclose(decode(vae, scaled), decoded, atol=1e-4)


def test_trained_latents_have_a_spread_of_one(data: Dataset, tmp_path: Path) -> None:
    train(AutoencoderTask(RECIPE, data, CPU), RECIPE, RECIPE.plan, tmp_path / "run")

    vae = load_autoencoder(tmp_path / "run", data, CPU)

    pixels = torch.from_numpy(data.pictures(np.arange(12))).permute(0, 3, 1, 2) / 127.5 - 1
    assert abs(float(encode(vae, pixels)[0].std()) - 1) < 1e-3
