"""The training loop that all parts share."""

import json
from pathlib import Path
from typing import Protocol

import torch
from PIL import Image
from torch import Tensor, nn
from tqdm import tqdm

from foundry.errors import OtherRecipe
from foundry.recipe import Plan, R, Recipe
from foundry.training.average import Average
from foundry.training.optimizer import Optimizers, rate_share
from foundry.training.plot import draw_losses

CHECKPOINT = "checkpoint.pt"
RECIPE = "recipe.json"
LOSSES = "losses.jsonl"
LOG_EVERY = 20


class Task(Protocol):
    """What is trained: a network, the loss of a step, and a sheet to look at.

    A step's batch and noise are drawn from the plan's seed and the step's number alone, so a run
    that is killed and resumed draws what it would have drawn.
    """

    @property
    def network(self) -> nn.Module: ...

    @property
    def plain(self) -> tuple[str, ...]:
        """Parts of the names of weights that AdamW trains, not Muon."""
        ...

    def losses(self, step: int) -> dict[str, Tensor]:
        """The loss to descend under "loss", and others worth a curve."""
        ...

    def sheet(self) -> Image.Image | None:
        """A picture of what the network can do now."""
        ...


def train(task: Task, recipe: Recipe, plan: Plan, run: Path, until: int | None = None) -> None:
    """Train to the plan's end, or to step `until`, from the last checkpoint in `run` if any.

    Writes `checkpoint.pt`, `losses.jsonl`, `losses.png` and `sheet-<step>.png` to `run`. Raises
    OtherRecipe if `run` was begun with a recipe that differs in more than later steps.
    """
    run.mkdir(parents=True, exist_ok=True)
    _check_recipe(recipe, run)
    optimizers = Optimizers(task.network, plan, task.plain)
    average = Average(task.network, plan.average)
    start = _restore(run / CHECKPOINT, task.network, optimizers, average)
    _forget_after(run / LOSSES, start)
    end = min(plan.steps, until or plan.steps)
    running: dict[str, Tensor] = {}
    with (run / LOSSES).open("a") as log:
        for step in tqdm(range(start, end), initial=start, total=plan.steps, mininterval=5):
            losses = task.losses(step)
            losses["loss"].backward()
            norm = optimizers.step(rate_share(step, plan))
            average.update(step)
            for name, value in losses.items():
                # Numbers are asked for when they are told: a GPU would be waited for at each step.
                running[name] = running.get(name, 0) + value.detach().float() / LOG_EVERY
            done = step + 1
            if done % LOG_EVERY == 0:
                told = {name: float(value) for name, value in running.items()}
                log.write(json.dumps({"step": done, "gradient": float(norm), **told}) + "\n")
                log.flush()
                running = {}
            if done % plan.checkpoint_every == 0 or done == end:
                _save(run / CHECKPOINT, done, task.network, optimizers, average)
                draw_losses(run / LOSSES)
            if done % plan.sheet_every == 0 or done == plan.steps:
                _draw_sheet(task, average, run / f"sheet-{done:06d}.png")


def recipe_of(run: Path, kind: type[R]) -> R:
    """The recipe that a run was begun with."""
    return kind.model_validate_json((run / RECIPE).read_text())


def load_trained(network: nn.Module, run: Path) -> int:
    """Give `network` the averaged weights of a run's checkpoint. Returns the step they are from."""
    saved = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    network.load_state_dict(saved["network"])
    for weight, averaged in zip(network.parameters(), saved["average"], strict=False):
        weight.data.copy_(averaged)
    return int(saved["step"])


def step_of(run: Path) -> int:
    """How many steps a run has taken at its last checkpoint."""
    return int(torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)["step"])


def _restore(path: Path, network: nn.Module, optimizers: Optimizers, average: Average) -> int:
    if not path.exists():
        return 0
    saved = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(saved["network"])
    optimizers.load_state_dict(saved["optimizers"])
    average.load_state_dict(saved["average"])
    return int(saved["step"])


def _save(
    path: Path, step: int, network: nn.Module, optimizers: Optimizers, average: Average
) -> None:
    unfinished = path.with_suffix(".part")
    torch.save(
        {
            "step": step,
            "network": network.state_dict(),
            "optimizers": optimizers.state_dict(),
            "average": average.state_dict(),
        },
        unfinished,
    )
    unfinished.replace(path)


def _forget_after(losses: Path, step: int) -> None:
    """Drop lines written after the checkpoint that the run goes on from."""
    if losses.exists():
        lines = losses.read_text().splitlines(keepends=True)
        losses.write_text("".join(line for line in lines if json.loads(line)["step"] <= step))


def _check_recipe(recipe: Recipe, run: Path) -> None:
    path = run / RECIPE
    now = json.loads(recipe.model_dump_json())
    if path.exists() and (run / CHECKPOINT).exists():
        before = json.loads(path.read_text())
        changed = _differences(before, now)
        if any(name != "plan.steps" for name in changed):
            raise OtherRecipe(run, changed)
    path.write_text(json.dumps(now, indent=2) + "\n")


def _differences(before: object, now: object, name: str = "") -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        keys = sorted(before.keys() | now.keys())
        return [
            found
            for key in keys
            for found in _differences(before.get(key), now.get(key), f"{name}.{key}".strip("."))
        ]
    return [] if before == now else [name]


def _draw_sheet(task: Task, average: Average, path: Path) -> None:
    task.network.eval()
    with average.applied(), torch.no_grad():
        sheet = task.sheet()
    task.network.train()
    if sheet:
        sheet.save(path)
