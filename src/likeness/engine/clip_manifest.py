"""What a small pipeline that paints people who move says about itself."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from likeness.engine.errors import LoadFailed
from likeness.mistakes import mistakes

FILE = "manifest.json"

STRIDE = 4
"""Pictures that are encoded together, but for the first: a window has one more than a multiple."""


def whole_strides(value: int) -> int:
    """The same number of pictures. Raises ValueError if they are not one and whole strides."""
    if value % STRIDE != 1:
        raise ValueError(f"must be one more than a multiple of {STRIDE}")
    return value


class ClipManifest(BaseModel):
    """The `manifest.json` in the pipeline's folder.

    It was made for `window` pictures at once, the first of a clip and others that follow each
    other, `rate` to a second, of `side` × `side` px.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: int = Field(ge=1, le=60)
    window: Annotated[int, AfterValidator(whole_strides)] = Field(ge=5)
    side: int = Field(ge=16)

    @classmethod
    def read(cls, folder: Path) -> "ClipManifest":
        """That of a pipeline. Raises LoadFailed."""
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            told = mistakes(error) if isinstance(error, ValidationError) else [str(error)]
            raise LoadFailed(folder, f"{FILE}: {'; '.join(told)}") from error
