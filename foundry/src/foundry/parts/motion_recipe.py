"""How people learn to move."""

from pydantic import Field, model_validator

from foundry.networks.motion import MotionShape
from foundry.networks.requests import RequestShape
from foundry.recipe import Plan, Recipe


class MotionRecipe(Recipe):
    """How people learn to move.

    Noise (0 = clean, 1 = noise) is drawn where steps of sampling will be: as a share n, uniform in
    a share `uniform` of a batch, else logit-normal, which becomes `shift` n / (1 + (`shift` − 1)
    n). A share `both` of clips has its last frame given, too; `unprompted` is the share without a
    caption (for guidance), `unguided` that without a guide; captions are cut after `words` tokens.
    The error weighs `face_weight` on the face, and up to 1 + `moving_weight` times as much where
    pixels are not what they were in the first frame. After `asked_after` blocks tokens are asked
    what the clip shows (networks/motion_questions.py), which weighs `question_weight`. `guidance`
    and `sampling_steps` are for the sheets.
    """

    shape: MotionShape
    text: RequestShape
    words: int = Field(default=64, ge=2, le=128)
    shift: float = Field(default=3.0, ge=1)
    uniform: float = Field(default=0.3, ge=0, le=1)
    both: float = Field(default=0.25, ge=0, le=1)
    unprompted: float = Field(default=0.1, ge=0, le=1)
    unguided: float = Field(default=0.1, ge=0, le=1)
    face_weight: float = Field(default=2.0, gt=0)
    moving_weight: float = Field(default=3.0, ge=0)
    asked_after: int = Field(default=4, ge=1)
    question_weight: float = Field(default=0.1, ge=0)
    guidance: float = Field(default=3.0, ge=1)
    sampling_steps: int = Field(default=20, ge=1)
    compiled: bool = True
    plan: Plan

    @model_validator(mode="after")
    def _asked_inside(self) -> "MotionRecipe":
        if self.asked_after > self.shape.layers:
            raise ValueError("asked_after must not be more than shape.layers")
        return self
