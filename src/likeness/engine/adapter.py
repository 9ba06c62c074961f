"""Adapter files: LoRA weights in diffusers' layout, with a card that says what they belong to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from likeness.bases import TrainingRecipe
from likeness.engine.errors import AdapterUnreadable

CARD = "likeness"
# Where diffusers looks for the LoRA's rank and scale when it loads the file.
DIFFUSERS_CONFIG = "lora_adapter_metadata"


class AdapterCard(BaseModel):
    """What an adapter belongs to and how it was made. `person` is the direction of the mean
    embedding of the faces that it was trained on, empty where none was found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str
    fingerprint: str
    family: str
    trigger: str
    description: str
    recipe: TrainingRecipe
    person: tuple[float, ...] = ()


@dataclass(frozen=True)
class Adapter:
    """An adapter in memory: its weights as diffusers names them, and its card."""

    card: AdapterCard
    weights: dict[str, Tensor]
    lora_config: dict[str, Any]


def save_adapter(file: Path, adapter: Adapter) -> None:
    """Write an adapter as safetensors, loadable by `pipeline.load_lora_weights(file)` too."""
    metadata = {
        "format": "pt",
        CARD: adapter.card.model_dump_json(),
        DIFFUSERS_CONFIG: json.dumps(adapter.lora_config, sort_keys=True),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in adapter.weights.items()}, file, metadata)


def read_adapter(file: Path) -> Adapter:
    """Read an adapter onto the CPU. Raises AdapterUnreadable."""
    try:
        with safe_open(file, framework="pt", device="cpu") as stream:
            metadata = cast(Mapping[str, str], stream.metadata() or {})
            card = AdapterCard.model_validate_json(metadata.get(CARD, ""))
            config = json.loads(metadata.get(DIFFUSERS_CONFIG, ""))
            weights = {key: cast(Tensor, stream.get_tensor(key)) for key in stream.keys()}  # noqa: SIM118 - not a dict
    except FileNotFoundError:
        raise AdapterUnreadable(file, "the file is not there") from None
    except (OSError, SafetensorError) as error:
        raise AdapterUnreadable(file, f"it cannot be read ({error})") from error
    except (ValidationError, ValueError) as error:
        raise AdapterUnreadable(file, "it does not say which base it belongs to") from error
    return Adapter(card, weights, config)
