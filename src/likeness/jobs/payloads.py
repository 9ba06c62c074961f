"""What a job is asked to do: one typed payload for each kind, with a version.

A payload outlives the program that wrote it, so a field is never renamed or dropped without a new
version.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Kind = Literal["training", "generation", "upscaling"]


class TrainingPayload(BaseModel):
    """Learn a model's likeness from its photos."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["training"] = "training"
    version: Literal[1] = 1
    trigger: str
    description: str


class GenerationPayload(BaseModel):
    """Make pictures of a model with one of its adapters; picture i has the seed `seed` + i."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["generation"] = "generation"
    version: Literal[1] = 1
    adapter_id: str
    prompt: str
    preset: str | None = None
    input_image_id: str | None = None
    style_strength: float = 0.5
    width: int
    height: int
    num_images: int
    steps: int | None
    seed: int


class UpscalingPayload(BaseModel):
    """Enlarge an image."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["upscaling"] = "upscaling"
    version: Literal[1] = 1
    image_id: str


Payload = TrainingPayload | GenerationPayload | UpscalingPayload

payload_adapter: TypeAdapter[Payload] = TypeAdapter(Annotated[Payload, Field(discriminator="kind")])
