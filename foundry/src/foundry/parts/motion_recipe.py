"""How people learn to move."""

from typing import Annotated

from pydantic import AfterValidator, Field

from foundry.networks.motion import MotionShape
from foundry.networks.requests import RequestShape
from foundry.recipe import Plan, Recipe
from likeness.engine.clip_manifest import whole_strides


class MotionRecipe(Recipe):
    """How people learn to move.

    Seen at once are `window` frames of a clip: its first, and others that follow each other, of
    which the first is given, too. Captions are cut after `words` tokens. An error weighs as much as
    a place is new, and `elsewhere` more.
    """

    shape: MotionShape
    text: RequestShape
    window: Annotated[int, AfterValidator(whole_strides)] = Field(default=9, ge=5)
    words: int = Field(default=64, ge=2, le=128)
    elsewhere: float = Field(default=0.02, ge=0, le=1)
    compiled: bool = True
    plan: Plan
