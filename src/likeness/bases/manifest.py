"""What a base says about itself: its family, its sizes, how to sample it and how to train on it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from likeness.bases.view import says_view

Scale = Annotated[float, Field(ge=1, le=8)]


class _Recipe(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SamplingRecipe(_Recipe):
    """How pictures are drawn from a base when the request does not say otherwise.

    `steps` denoising steps; `guidance` as diffusers counts it (0 = off); requests for more than
    `max_steps` are taken as `max_steps`; `negative_prompt` is what guidance moves away from. A
    prompt that does not say from where the head is seen is taken to end in `view`, if there is one:
    a small base mixes views that nobody chose between. With an adapter, `candidates` pictures are
    drawn for each that is asked for, and the one that `faces` finds most like the person is kept;
    the adapter changes the base by `adapter_strength` times what training made of it.
    """

    steps: int = Field(ge=1)
    guidance: float = Field(ge=0)
    max_steps: int = Field(default=100, ge=1)
    negative_prompt: str = ""
    view: str = ""
    candidates: int = Field(default=1, ge=1)
    adapter_strength: float = Field(default=1.0, gt=0, le=1)

    def completed(self, prompt: str) -> str:
        """The prompt as the base is asked it."""
        return prompt if not self.view or says_view(prompt) else f"{prompt}, {self.view}"


class TrainingRecipe(_Recipe):
    """How an adapter is trained on a base.

    `resolution` is the side of the training crops in px. `crops` are the sides of the square crops
    taken from each photo, in sides of the face from brows to chin. The error against the photo
    weighs `face_weight` on the head and `background_weight` elsewhere: clothes and places are the
    prompt's to decide, not the photos'. Time (0 = noise, 1 = picture) is drawn from a logit-normal
    with `time_mean` and `time_spread`. `warmup_steps` lead up to `learning_rate`, a cosine leads
    down from it. A checkpoint is written every `checkpoint_every` steps.
    """

    resolution: int = Field(ge=16)
    steps: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    rank: int = Field(ge=1)
    alpha: float = Field(gt=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    warmup_steps: int = Field(default=0, ge=0)
    max_gradient: float = Field(default=1.0, gt=0)
    checkpoint_every: int = Field(ge=1)
    crops: tuple[Scale, ...] = Field(default=(2.2, 3.2), min_length=1)
    face_weight: float = Field(default=1.0, gt=0)
    background_weight: float = Field(default=1.0, ge=0)
    time_mean: float = 0.0
    time_spread: float = Field(default=1.0, gt=0)
    gradient_checkpointing: bool = False
    seed: int = Field(default=0, ge=0)


class Manifest(_Recipe):
    """The `manifest.json` of a base.

    `resolution` is the side in px of the square pictures that the base was made for; both sides of
    a picture are multiples of `size_multiple` px. The longer one is at most `longest_ratio` times
    the shorter: what is asked longer is drawn so and cropped, since a base that has seen only
    squares fills a long picture with second heads.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=64)
    title: str
    licence: str
    family: Literal["zimage"]
    resolution: int = Field(ge=16)
    size_multiple: int = Field(ge=1)
    longest_ratio: float = Field(default=4.0, ge=1)
    sampling: SamplingRecipe
    training: TrainingRecipe
