"""Public models: their registry, and what requests may say of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Provider = Literal["google", "openai", "byteplus", "kling", "xai"]


class PublicImageModel(BaseModel):
    """A public model that makes images."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    provider: Provider
    model: str
    group: str
    references: Annotated[int, Field(ge=0)]


class PublicVideoModel(BaseModel):
    """A public model that makes videos."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    provider: Provider
    model: str
    grade: Literal["std", "pro"] = "std"
    group: str
    seconds: float | None = None
    ratio: str = "adaptive"
    seconds_with_reference: float | None = None
    motion: bool = False
    videos: bool = False

    @property
    def looks_at_videos(self) -> bool:
        """Whether its provider is shown reference videos."""
        return self.motion or self.videos


class Registry(BaseModel):
    """All public models by their ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    images: dict[str, PublicImageModel]
    videos: dict[str, PublicVideoModel]
