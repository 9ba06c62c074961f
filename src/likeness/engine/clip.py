"""What every engine that makes clips is asked, and what it gives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from likeness.engine.between import Pixels

Report = Callable[[str, int, int], None]
"""Gets a stage, a step and the number of steps, at every step; may raise, which ends the clip."""


@dataclass(frozen=True)
class ClipRequest:
    """A clip of `frames` pictures of `width` × `height` px at `rate` a second.

    `first` is its first picture, `last` its last, `reference` shows who or what it is about; any of
    them may be missing, and have any size. `motion` are the pictures, evenly spaced, of a video
    whose movement the clip is to have; none where the prompt says it.
    """

    prompt: str
    negative_prompt: str
    seed: int
    width: int
    height: int
    frames: int
    rate: int
    first: Image.Image | None = None
    last: Image.Image | None = None
    reference: Image.Image | None = None
    motion: Sequence[Image.Image] = ()

    @property
    def seconds(self) -> float:
        """From its first picture to its last."""
        return (self.frames - 1) / self.rate

    def places(self, moments: int) -> list[int]:
        """The places of pictures at the beginning and after each of so many equal parts."""
        return [round(moment * (self.frames - 1) / moments) for moment in range(moments + 1)]


class ClipEngine(Protocol):
    """Makes clips."""

    @property
    def name(self) -> str:
        """What records call it."""
        ...

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        ...
