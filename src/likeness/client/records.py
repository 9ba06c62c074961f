"""What a server answers, typed. Keys that this client does not know are ignored."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Model(_Record):
    """One person's identity."""

    id: str
    status: str
    name: str = ""
    age: float | None = None
    gender: str = ""
    ethnicity: str = ""
    eyeColor: str = ""
    trainingJobId: str = ""


class Image(_Record):
    """A photo or picture."""

    id: str
    url: str
    modelID: str
    type: str
    data: dict[str, Any] = {}
    upscaledImageID: str = ""
    upscaledImageURL: str = ""


class Video(_Record):
    """A video."""

    id: str
    url: str
    modelID: str
    jobId: str
    data: dict[str, Any] = {}


class Preset(_Record):
    """A scene that a generation can be asked for by its tag."""

    tag: str
    name: str = ""
    description: str = ""


class Job(_Record):
    """A training, or the making of images or videos."""

    jobId: str
    status: str
    modelId: str = ""
    images: list[Image] = []
    videos: list[Video] = []
    error: str | None = None
    stage: str | None = None
    step: int | None = None
    steps: int | None = None
    etaSeconds: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether it will not change any more."""
        return self.status not in ("created", "queued", "running")
