"""The state of an unfinished training in one safetensors file, so that any machine can go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import AdamW

from likeness.bases import TrainingRecipe
from likeness.engine.errors import CheckpointMismatch, CheckpointUnreadable

CARD = "likeness"
DIFFERENCES = {
    "fingerprint": "another base",
    "trigger": "another trigger",
    "description": "another description",
    "photos": "other photos",
    "recipe": "another recipe",
}
MOMENTS = ("exp_avg", "exp_avg_sq", "step")


class RunCard(BaseModel):
    """Which run a checkpoint belongs to. `photos` is a digest of the photos' bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fingerprint: str
    trigger: str
    description: str
    photos: str
    recipe: TrainingRecipe


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    run: RunCard
    step: int


@dataclass
class TrainingState:
    """Everything that changes while an adapter is trained."""

    weights: Mapping[str, nn.Parameter]
    optimizer: AdamW
    generator: torch.Generator
    losses: list[float]
    step: int = 0


def save_checkpoint(file: Path, run: RunCard, state: TrainingState) -> None:
    """Write the state after `state.step` steps; an earlier file is replaced in one stroke."""
    tensors: dict[str, Tensor] = {
        "random": state.generator.get_state(),
        "losses": torch.tensor(state.losses, dtype=torch.float64),
    }
    for name, weight in state.weights.items():
        tensors[f"weights.{name}"] = weight.detach().cpu().contiguous()
        for moment in MOMENTS:
            kept = cast(Tensor, state.optimizer.state[weight][moment])
            tensors[f"{moment}.{name}"] = kept.detach().cpu().contiguous()
    header = _Header(run=run, step=state.step)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    save_file(tensors, partial, {"format": "pt", CARD: header.model_dump_json()})
    partial.replace(file)


def load_checkpoint(file: Path, run: RunCard, state: TrainingState) -> None:
    """Bring `state` to where the checkpoint was written.

    Raises CheckpointUnreadable, or CheckpointMismatch when it belongs to another run.
    """
    try:
        with safe_open(file, framework="pt", device="cpu") as stream:
            metadata = cast(Mapping[str, str], stream.metadata() or {})
            header = _Header.model_validate_json(metadata.get(CARD, ""))
            tensors = {key: cast(Tensor, stream.get_tensor(key)) for key in stream.keys()}  # noqa: SIM118 - not a dict
    except (OSError, SafetensorError, ValidationError) as error:
        raise CheckpointUnreadable(file, str(error)) from error
    for field in DIFFERENCES:
        if getattr(header.run, field) != getattr(run, field):
            raise CheckpointMismatch(file, DIFFERENCES[field])
    with torch.no_grad():
        for name, weight in state.weights.items():
            weight.copy_(tensors[f"weights.{name}"])
            state.optimizer.state[weight] = {
                moment: tensors[f"{moment}.{name}"].to("cpu" if moment == "step" else weight.device)
                for moment in MOMENTS
            }
    state.generator.set_state(tensors["random"])
    state.losses[:] = tensors["losses"].tolist()
    state.step = header.step
