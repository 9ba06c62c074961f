"""Training resumes exactly, refuses other recipes, and leaves curves and sheets behind."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor, nn

from foundry.errors import OtherRecipe
from foundry.pictures import grid
from foundry.recipe import Plan, Recipe
from foundry.training.loop import load_trained, train
from foundry.training.noise import of_step


class LineRecipe(Recipe):
    width: int = 8
    plan: Plan


class LineTask:
    """Learns y = 2x through two layers: small, but with everything that the loop keeps."""

    plain = ("1.",)

    def __init__(self, recipe: LineRecipe) -> None:
        torch.manual_seed(recipe.plan.seed)
        self.network = nn.Sequential(nn.Linear(1, recipe.width), nn.Linear(recipe.width, 1))
        self._plan = recipe.plan

    def losses(self, step: int) -> dict[str, Tensor]:
        _, generator = of_step(self._plan.seed, step)
        x = torch.randn((self._plan.batch, 1), generator=generator)
        return {"loss": (self.network(x) - 2 * x).square().mean()}

    def sheet(self) -> Image.Image:
        return grid(np.zeros((2, 4, 4, 3), np.uint8), columns=2)


def recipe(steps: int = 60, **others: object) -> LineRecipe:
    plan = Plan.model_validate(
        {
            "steps": steps,
            "batch": 4,
            "rate": 0.01,
            "matrix_rate": 0.01,
            "warmup": 5,
            "average": 10,
            "checkpoint_every": 20,
            "sheet_every": 40,
        }
        | others
    )
    return LineRecipe(plan=plan)


def run(chosen: LineRecipe, folder: Path, until: int | None = None) -> list[Tensor]:
    task = LineTask(chosen)
    train(task, chosen, chosen.plan, folder, until)
    fresh = LineTask(chosen).network
    load_trained(fresh, folder)
    return [*task.network.parameters(), *fresh.parameters()]


def test_it_learns_and_shows_how(tmp_path: Path) -> None:
    run(recipe(), tmp_path)

    curve = [json.loads(line) for line in (tmp_path / "losses.jsonl").read_text().splitlines()]
    assert curve[-1]["step"] == 60
    assert curve[-1]["loss"] < curve[0]["loss"] / 2
    with Image.open(tmp_path / "losses.png") as plot:
        assert plot.width > 100
    assert (tmp_path / "sheet-000040.png").exists()
    assert (tmp_path / "sheet-000060.png").exists()


@pytest.mark.parametrize("stopped", [20, 33, 59])
def test_a_resumed_run_ends_in_the_same_bits(tmp_path: Path, stopped: int) -> None:
    whole = run(recipe(), tmp_path / "whole")
    run(recipe(), tmp_path / "parts", until=stopped)
    parts = run(recipe(), tmp_path / "parts")

    assert all(torch.equal(one, other) for one, other in zip(whole, parts, strict=True))
    curves = [(tmp_path / name / "losses.jsonl").read_text() for name in ("whole", "parts")]
    assert [json.loads(line)["step"] for line in curves[1].splitlines()][-1] == 60
    assert len(curves[0].splitlines()) >= len(curves[1].splitlines())


def test_a_killed_run_forgets_what_its_checkpoint_has_not_seen(tmp_path: Path) -> None:
    run(recipe(), tmp_path, until=20)
    with (tmp_path / "losses.jsonl").open("a") as log:
        log.write(json.dumps({"step": 40, "loss": 9.0}) + "\n")

    run(recipe(), tmp_path)

    curve = [json.loads(line) for line in (tmp_path / "losses.jsonl").read_text().splitlines()]
    assert [row["step"] for row in curve] == [20, 40, 60]
    assert all(row["loss"] < 9 for row in curve)


def test_another_recipe_is_refused(tmp_path: Path) -> None:
    run(recipe(), tmp_path, until=20)

    with pytest.raises(OtherRecipe, match=r"plan\.batch"):
        run(recipe(batch=5), tmp_path)


def test_more_steps_may_be_asked_for(tmp_path: Path) -> None:
    run(recipe(), tmp_path, until=20)

    run(recipe(steps=80), tmp_path)

    assert json.loads((tmp_path / "losses.jsonl").read_text().splitlines()[-1])["step"] == 80


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_steps_draw_different_numbers(step: int, other: int) -> None:
    draws = [of_step(1, one)[0].integers(1 << 60) for one in (step, other)]
    noises = [torch.rand(4, generator=of_step(1, one)[1]) for one in (step, other)]

    assert (draws[0] == draws[1]) == (step == other)
    assert torch.equal(*noises) == (step == other)
