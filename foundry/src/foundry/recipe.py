"""Recipes: typed TOML files, all of whose mistakes are told at once."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from foundry.errors import BadRecipe
from likeness.mistakes import mistakes


class Recipe(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plan(Recipe):
    """How long and how fast a part is trained. Everything counts steps, nothing counts minutes.

    The rate climbs for `warmup` steps, stays, and falls to zero over the last `decay` share of
    `steps` (warm-up, stable, decay: Hu et al., MiniCPM, 2024, section 4). `matrix_rate` is Muon's
    rate for weight matrices, `rate` AdamW's for all else. `average` is the half-life, in steps, of
    the exponential average of the weights that is shipped; 0 ships the last weights.
    """

    steps: int = Field(ge=1)
    batch: int = Field(ge=1)
    rate: float = Field(gt=0)
    matrix_rate: float = Field(gt=0)
    warmup: int = Field(default=100, ge=0)
    decay: float = Field(default=0.2, ge=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    max_gradient: float = Field(default=1.0, gt=0)
    average: int = Field(default=0, ge=0)
    seed: int = Field(default=0, ge=0)
    checkpoint_every: int = Field(default=500, ge=1)
    sheet_every: int = Field(default=1000, ge=1)


R = TypeVar("R", bound=Recipe)


def load_recipe(path: Path, kind: type[R]) -> R:
    """Read a recipe. Raises BadRecipe with every mistake in it."""
    try:
        return kind.model_validate(tomllib.loads(path.read_text()))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadRecipe(path, [str(error)]) from error
    except ValidationError as error:
        raise BadRecipe(path, mistakes(error)) from error
