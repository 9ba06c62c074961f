"""What a pipeline that makes videos of a picture says about itself."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from likeness.engine.errors import LoadFailed
from likeness.mistakes import mistakes

FILE = "manifest.json"

STRIDE = 4
"""Pictures that are encoded together, but for the first: a window has one more than a multiple."""


def _whole(value: int) -> int:
    if value % STRIDE != 1:
        raise ValueError(f"must be one more than a multiple of {STRIDE}")
    return value


class ClipManifest(BaseModel):
    """The `manifest.json` that may lie in the pipeline's folder.

    It was made for `window` pictures at once, `rate` to a second, of `side` × `side` px: others are
    drawn with as many px, and enlarged. `steps` denoising steps, and `guidance` as diffusers counts
    it (1 = off). A `guided` one takes for a guide what the rig makes of the clip's first picture.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: int = Field(ge=1, le=60)
    window: Annotated[int, AfterValidator(_whole)] = Field(ge=5)
    side: int = Field(ge=16)
    steps: int = Field(ge=1)
    guidance: float = Field(ge=0)
    guided: bool = False

    @classmethod
    def read(cls, folder: Path) -> "ClipManifest | None":
        """That of a pipeline, if it has one. Raises LoadFailed."""
        path = folder / FILE
        if not path.exists():
            return None
        try:
            return cls.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            told = mistakes(error) if isinstance(error, ValidationError) else [str(error)]
            raise LoadFailed(folder, f"{FILE}: {'; '.join(told)}") from error
