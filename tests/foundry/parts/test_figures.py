"""What tells people from what is behind them learns it from cut-outs, and resumes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.foundry.parts.datasets import write_dataset
from tests.foundry.parts.runs import TINY_PLAN, check_resuming, mean_loss

from foundry.dataset import Dataset
from foundry.errors import NoCutOuts
from foundry.export import export_figures
from foundry.parts.figures import FiguresRecipe, FiguresTask, load_figures
from foundry.recipe import load_recipe
from foundry.training.loop import train
from likeness.engine.figure import FigureReader

RECIPES = Path(__file__).parents[3] / "foundry" / "recipes"
CPU = torch.device("cpu")
PLAN = TINY_PLAN.model_copy(update={"steps": 60, "checkpoint_every": 30, "sheet_every": 60})
RECIPE = FiguresRecipe(side=32, backdrops=4, plan=PLAN)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("pictures"), 4, 2, 32)


@pytest.fixture(scope="module")
def data(pictures: Dataset) -> Dataset:
    """Squares around faces, cut out."""
    cut: list[np.ndarray] = []
    for picture, entry in zip(pictures.pictures(range(8)), pictures.entries, strict=True):
        x, y, side = (int(value * 32) for value in entry.face)
        share = np.zeros((32, 32, 1), np.uint8)
        share[max(0, y - side // 2) : y + side // 2, max(0, x - side // 2) : x + side // 2] = 255
        cut.append(np.concatenate([picture * (share > 0), share], axis=2).astype(np.uint8))
    return replace(pictures, shards=[np.stack(cut)])


@pytest.fixture(scope="module")
def make(data: Dataset) -> Callable[[], FiguresTask]:
    return lambda: FiguresTask(RECIPE, data, CPU)


def test_the_recipe_is_valid() -> None:
    assert load_recipe(RECIPES / "figures.toml", FiguresRecipe).plan.steps > 0


def test_it_learns_and_ships(make: Callable[[], FiguresTask], tmp_path: Path) -> None:
    task, steps = make(), range(1000, 1006)
    before = mean_loss(make(), steps)

    train(task, RECIPE, PLAN, tmp_path / "run")
    export_figures(tmp_path / "run", tmp_path / "package")

    assert mean_loss(task, steps) < 0.8 * before
    shipped = FigureReader.load(tmp_path / "package" / "figures")._network.state_dict()
    learned = load_figures(tmp_path / "run").state_dict()
    assert all(torch.allclose(shipped[name], one, atol=0.01) for name, one in learned.items())


def test_it_resumes_exactly(make: Callable[[], FiguresTask], tmp_path: Path) -> None:
    check_resuming(make, RECIPE, PLAN, tmp_path)


def test_what_is_seen_is_the_cut_out_before_something_else(
    make: Callable[[], FiguresTask],
) -> None:
    rng = np.random.default_rng(0)
    pictures, heads, shares = make()._batch(rng, np.arange(8))

    assert pictures.shape == (8, 3, 32, 32) and heads.shape == shares.shape == (8, 1, 32, 32)
    assert float(shares.min()) >= 0 and float(shares.max()) == 1
    peaks = heads.flatten(1).argmax(dim=1)
    # The middle of each face is of the person, and where the head is said to be.
    assert shares.flatten(1)[torch.arange(8), peaks].min() > 0.9
    again, _, _ = make()._batch(np.random.default_rng(1), np.arange(8))
    assert not torch.equal(pictures, again)


def test_pictures_that_are_not_cut_out_are_refused(pictures: Dataset) -> None:
    with pytest.raises(NoCutOuts, match="render --cut-out"):
        FiguresTask(RECIPE, pictures, CPU)
