"""What a job is asked to do: one typed payload for each kind, with a version.

A payload outlives the program that wrote it, so a field is never renamed or dropped without a new
version.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Kind = Literal["training", "generation", "upscaling", "video", "picture_order", "video_order"]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Payload):
    """What a job begins with: an image or video of the server's own by its id, or what is at a
    URL."""

    image_id: str = ""
    video_id: str = ""
    url: str = ""


class TrainingPayload(_Payload):
    """Learn a model's likeness from its photos."""

    kind: Literal["training"] = "training"
    version: Literal[1] = 1
    trigger: str
    description: str


class GenerationPayload(_Payload):
    """Make pictures, of a model with one of its adapters or with the base alone; picture i has the
    seed `seed` + i."""

    kind: Literal["generation"] = "generation"
    version: Literal[1] = 1
    adapter_id: str | None
    prompt: str
    preset: str | None = None
    source: Source | None = None
    strength: float = 0.0
    width: int
    height: int
    num_images: int
    steps: int | None
    seed: int
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    enhance_face: bool = False


class UpscalingPayload(_Payload):
    """Enlarge an image."""

    kind: Literal["upscaling"] = "upscaling"
    version: Literal[1] = 1
    image_id: str


class PictureOrderPayload(_Payload):
    """Have a provider draw pictures. `model` is its own name of the model; `ratio` is width divided
    by height, None where the model is to choose; `area` is in px, and `exact` the size in px, if
    one was asked for."""

    kind: Literal["picture_order"] = "picture_order"
    version: Literal[1] = 1
    provider: str
    model: str
    prompt: str
    preset: str | None = None
    references: tuple[Source, ...] = ()
    ratio: float | None
    area: int
    exact: tuple[int, int] | None = None
    num_images: int
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    quality: str | None = None
    safety: str | None = None


class VideoPayload(_Payload):
    """Make videos; video i has the seed `seed` + i.

    They are `seconds` long (None: as long as `motion`), their shorter side is `side` px, `ratio` is
    the width divided by the height (None: that of the first picture given). The pictures: the first
    and the last of a video, one that shows who or what it is about; and a video whose movement is
    wanted.
    """

    kind: Literal["video"] = "video"
    version: Literal[1] = 1
    prompt: str
    negative_prompt: str
    seconds: float | None
    side: int
    ratio: float | None
    audio: bool
    num_videos: int
    seed: int
    first: Source | None
    last: Source | None
    reference: Source | None
    motion: Source | None


class VideoOrderPayload(_Payload):
    """Have a provider make videos; video i has the seed `seed` + i, if there is one.

    `model` is the provider's own name of the model, and what is None is left to it. `motions` are
    URLs of videos whose movement is wanted, which the provider itself fetches.
    """

    kind: Literal["video_order"] = "video_order"
    version: Literal[1] = 1
    provider: str
    model: str
    grade: Literal["std", "pro"]
    prompt: str
    negative_prompt: str
    seconds: int | None
    ratio: str | None
    resolution: str | None
    audio: bool
    num_videos: int
    seed: int | None
    first: Source | None
    last: Source | None
    references: tuple[Source, ...]
    motions: tuple[str, ...]


Payload = (
    TrainingPayload
    | GenerationPayload
    | UpscalingPayload
    | PictureOrderPayload
    | VideoPayload
    | VideoOrderPayload
)

payload_adapter: TypeAdapter[Payload] = TypeAdapter(Annotated[Payload, Field(discriminator="kind")])


def pieces_of(payload: Payload) -> int:
    """How many things a job makes: pictures, videos, or one adapter."""
    match payload:
        case GenerationPayload() | PictureOrderPayload():
            return payload.num_images
        case VideoPayload() | VideoOrderPayload():
            return payload.num_videos
        case TrainingPayload() | UpscalingPayload():
            return 1
