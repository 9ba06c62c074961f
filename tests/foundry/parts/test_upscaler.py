from pathlib import Path

import pytest
import torch
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import TINY_PLAN, check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.errors import PatchTooLarge
from foundry.parts.upscaler import UpscalerRecipe, UpscalerTask, load_upscaler
from foundry.recipe import load_recipe

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("upscaler"), people=2, photos=3, size=128)


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "upscaler.toml", UpscalerRecipe).patch > 0


def test_it_starts_as_a_bicubic_enlargement(data: Dataset) -> None:
    task = UpscalerTask(UpscalerRecipe(patch=16, plan=TINY_PLAN), data, CPU)

    assert float(task.losses(0)["gain"].detach()) == pytest.approx(0, abs=1e-4)


def test_a_few_steps_lower_the_loss_and_a_resumed_run_is_the_same(
    data: Dataset, tmp_path: Path
) -> None:
    plan = TINY_PLAN.model_copy(update={"steps": 60, "checkpoint_every": 30, "average": 4})
    recipe = UpscalerRecipe(patch=16, clean=0.5, plan=plan)

    task = UpscalerTask(recipe, data, CPU)
    before = mean_loss(task, range(100, 110))
    check_resuming(lambda: UpscalerTask(recipe, data, CPU), recipe, plan, tmp_path)
    task.network.load_state_dict(load_upscaler(tmp_path / "whole").state_dict())

    assert mean_loss(task, range(100, 110)) < 0.97 * before


def test_patches_that_the_pictures_cannot_give_are_refused_at_once(data: Dataset) -> None:
    with pytest.raises(PatchTooLarge, match="160 px, but the pictures have 128 px"):
        UpscalerTask(UpscalerRecipe(patch=32, plan=TINY_PLAN), data, CPU)
