"""What is asked of a provider that draws a picture."""

import base64
import math
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class PictureOrder:
    """One picture. `model` is the provider's own name of it; `ratio` is width divided by height,
    None where the model is to choose; `area` is in px, and a provider that cannot draw so many
    draws the nearest number. `quality` and `safety` are words of the provider. `references` are
    JPEG files.
    """

    model: str
    prompt: str
    ratio: float | None
    area: int
    format: Literal["jpeg", "png", "webp"] = "jpeg"
    quality: str | None = None
    safety: str | None = None
    references: tuple[bytes, ...] = ()


class Painter(Protocol):
    """A provider that draws."""

    async def draw(self, order: PictureOrder) -> bytes:
        """A picture's file, in a format that its bytes tell. Raises ProviderError."""
        ...


@dataclass(frozen=True)
class Sizes:
    """Sizes that a model draws: sides in multiples of `step` px up to `longest`, from `least` to
    `most` px in all, and at most `widest` times as wide as high or as high as wide."""

    step: int
    least: int
    most: int
    longest: int
    widest: float

    def nearest(self, area: float, ratio: float) -> tuple[int, int]:
        """Width and height of the size that is nearest to an area in px and a ratio."""
        shape = min(max(ratio, 1 / ratio), self.widest)
        area = min(max(area, self.least), self.most, self.longest**2 / shape)
        short = self._steps(math.sqrt(area / shape), math.ceil)
        long = self._longest(math.sqrt(area * shape), short, math.ceil)
        if short * long > self.most:
            short = self._steps(math.sqrt(area / shape), math.floor)
            long = self._longest(math.sqrt(area * shape), short, math.floor)
        return (long, short) if ratio >= 1 else (short, long)

    def _steps(self, side: float, whole: "Whole") -> int:
        # A quotient that is whole but for its last bit must not be taken for the next number.
        return whole(round(side / self.step, 6)) * self.step

    def _longest(self, side: float, short: int, whole: "Whole") -> int:
        within = min(self.longest, self._steps(short * self.widest, math.floor))
        return min(self._steps(side, whole), within)


class Whole(Protocol):
    """`math.floor` or `math.ceil`."""

    def __call__(self, value: float, /) -> int: ...


def data_url(jpeg: bytes) -> str:
    """A JPEG file as a URL that holds it."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
