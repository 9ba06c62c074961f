"""Small networks that serve every base, found among the installed packages."""

from importlib.metadata import entry_points
from pathlib import Path

from likeness.bases.registry import BaseError

ENTRY_POINTS = "likeness.parts"


class MissingPart(BaseError):
    """No installed package brings a part."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No installed package brings {name!r}; install likeness-mini, which does."
        )


def find_part(name: str) -> Path:
    """The folder of a part: "faces", "figures", "motion", "rig", "upscaler". Raises MissingPart."""
    for point in entry_points(group=ENTRY_POINTS, name=name):
        return Path(point.load())
    raise MissingPart(name)
