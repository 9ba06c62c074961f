"""How people learn to move."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from foundry.networks.motion import MotionShape
from foundry.networks.requests import RequestShape
from foundry.recipe import Plan, Recipe
from likeness.engine.clip_manifest import whole_strides


class MotionRecipe(Recipe):
    """How people learn to move.

    A clip's first frame, which is given, and `window` − 1 others, one after another, are drawn at
    once. Where those do not follow the first, a share `before` has the first of them given, too; a
    share `both`, the last. Drawing begins with the guide and as much `noise`, or with noise alone.
    How far it still has to go (0 = there) is drawn where steps of sampling will be: as a share n,
    uniform in a share `uniform` of a batch, else logit-normal, which becomes `shift` n / (1 +
    (`shift` − 1) n). `unprompted` is the share without a caption (for guidance), `unguided` that
    without a guide; captions are cut after `words` tokens. The error weighs `face_weight` on the
    face, and up to 1 + `moving_weight` times as much where pixels are not what they were in the
    first frame. After `asked_after` blocks tokens are asked what the clip shows
    (networks/motion_questions.py), which weighs `question_weight`. `guidance` and `sampling_steps`
    are for the sheets, and for who draws with what is exported.
    """

    shape: MotionShape
    text: RequestShape
    window: Annotated[int, AfterValidator(whole_strides)] = Field(default=9, ge=5)
    before: float = Field(default=0.5, ge=0, le=1)
    noise: float = Field(default=0.4, ge=0, le=1)
    words: int = Field(default=64, ge=2, le=128)
    shift: float = Field(default=2.0, ge=1)
    uniform: float = Field(default=0.3, ge=0, le=1)
    both: float = Field(default=0.25, ge=0, le=1)
    unprompted: float = Field(default=0.1, ge=0, le=1)
    unguided: float = Field(default=0.1, ge=0, le=1)
    face_weight: float = Field(default=2.0, gt=0)
    moving_weight: float = Field(default=3.0, ge=0)
    asked_after: int = Field(default=4, ge=1)
    question_weight: float = Field(default=0.1, ge=0)
    guidance: float = Field(default=1.0, ge=1)
    sampling_steps: int = Field(default=2, ge=1)
    compiled: bool = True
    plan: Plan

    @model_validator(mode="after")
    def _asked_inside(self) -> "MotionRecipe":
        if self.asked_after > self.shape.layers:
            raise ValueError("asked_after must not be more than shape.layers")
        return self
