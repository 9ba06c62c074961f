"""What must hold for every part's training."""

from collections.abc import Callable
from pathlib import Path

import torch

from foundry.recipe import Plan, Recipe
from foundry.training.loop import CHECKPOINT, Task, train

TINY_PLAN = Plan(
    steps=6, batch=4, rate=2e-3, matrix_rate=0.01, warmup=2, checkpoint_every=3, sheet_every=6
)


def mean_loss(task: Task, steps: range) -> float:
    with torch.no_grad():
        return sum(float(task.losses(step)["loss"]) for step in steps) / len(steps)


def check_resuming(
    make: Callable[[], Task], recipe: Recipe, plan: Plan, folder: Path
) -> dict[str, torch.Tensor]:
    """Train once through and once in two goes: the weights must be equal to the bit."""
    train(make(), recipe, plan, folder / "whole")
    train(make(), recipe, plan, folder / "parts", until=plan.steps // 2)
    train(make(), recipe, plan, folder / "parts")
    whole, parts = (
        torch.load(folder / name / CHECKPOINT, weights_only=True) for name in ("whole", "parts")
    )
    assert whole["step"] == parts["step"] == plan.steps
    for name, weight in whole["network"].items():
        assert torch.equal(weight, parts["network"][name]), name
    assert (folder / "parts" / f"sheet-{plan.steps:06d}.png").exists()
    return whole["network"]
