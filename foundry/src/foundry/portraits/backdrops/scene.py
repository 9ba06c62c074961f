"""A canvas in unit coordinates: (0, 0) is the top left corner, (1, 1) the bottom right one."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from foundry.portraits.backdrops.noise import GRID, Plane
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour

Tint = NDArray[np.floating]
Paint = Colour | Tint

_CENTRES = ((np.arange(GRID) + 0.5) / GRID).astype(np.float32)


def tint(red: float, green: float, blue: float) -> Tint:
    return np.array((red, green, blue), np.float32)


class Scene:
    """One backdrop while it is painted, back to front; `blur` is a share of the picture's side."""

    x: Plane = _CENTRES[None, :]
    y: Plane = _CENTRES[:, None]

    def __init__(self, rng: Generator) -> None:
        self.rng = rng
        self.blur = 0.015
        self.pixels = np.zeros((GRID, GRID, 3), np.float32)

    def shade(self, colours: Colour | Sequence[Colour], spread: float = 0.12) -> Tint:
        """A colour (one of several), lighter or darker by up to `spread`, and its hue a bit off."""
        single = isinstance(colours[0], int)
        colour = colours if single else pick(self.rng, colours)
        gain = between(self.rng, 1 - spread, 1 + spread)
        drift = self.rng.uniform(1 - spread / 4, 1 + spread / 4, 3)
        return (np.array(colour, np.float32) * (gain * drift)).astype(np.float32)

    def fade(self, top: Paint, bottom: Paint, start: float = 0, end: float = 1) -> None:
        """Fill all rows below `start`, from one colour there to the other at `end`."""
        first = max(0, round(start * GRID))
        share = np.clip((self.y[first:] - start) / max(end - start, 1e-3), 0, 1)[..., None]
        upper, lower = np.asarray(top, np.float32), np.asarray(bottom, np.float32)
        self.pixels[first:] = upper + share * (lower - upper)

    def below(self, line: float | Plane) -> Plane:
        """The mask of what lies below a height, a line (a height for each column), or a relief."""
        return np.clip((self.y - line) * GRID + 0.5, 0, 1) + np.zeros_like(self.x)

    def paint(self, mask: Plane | NDArray[np.bool_], colour: Paint) -> None:
        """Lay a colour (or a picture) over, as thick as the mask is."""
        over = np.asarray(colour, np.float32) - self.pixels
        over *= np.asarray(mask, np.float32)[..., None]
        self.pixels += over

    def glow(self, x: float, y: float, radius: float, colour: Paint) -> None:
        """Add light that falls off softly around a point."""
        distance = (self.x - x) ** 2 + (self.y - y) ** 2
        fall = np.exp(-distance / radius**2)
        self.pixels += fall[..., None] * np.asarray(colour, np.float32)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Paint) -> None:
        rows = slice(max(0, round(top * GRID)), max(0, round(bottom * GRID)))
        columns = slice(max(0, round(left * GRID)), max(0, round(right * GRID)))
        self.pixels[rows, columns] = np.asarray(colour, np.float32)

    def disc(
        self, x: float, y: float, radius: float, colour: Paint, cover: float = 1, flat: float = 1
    ) -> None:
        """A filled circle, `flat` times as high as it is wide, covering what is behind by share."""
        high = radius * flat
        top, bottom = _span(y, high)
        left, right = _span(x, radius)
        across, down = self.x[:, left:right] - x, (self.y[top:bottom] - y) / flat
        edge = (radius - np.sqrt(across**2 + down**2)) * GRID + 0.5
        mask = cover * np.clip(edge, 0, 1)[..., None]
        part = self.pixels[top:bottom, left:right]
        part += mask * (np.asarray(colour, np.float32) - part)

    def shape(self, corners: Sequence[tuple[float, float]], colour: Paint) -> None:
        """A filled polygon."""
        points = np.array(corners) * GRID
        left, top = np.clip(np.floor(points.min(0)), 0, GRID).astype(int)
        right, bottom = np.clip(np.ceil(points.max(0)) + 1, 0, GRID).astype(int)
        if left >= right or top >= bottom:
            return
        stencil = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(stencil).polygon([(x - left, y - top) for x, y in points], fill=1)
        inside = np.asarray(stencil, bool)
        self.pixels[top:bottom, left:right][inside] = np.asarray(colour, np.float32)

    def speckle(self, field: Plane, strength: float, start: float = 0) -> None:
        """Lighten and darken all rows below `start` by a noise field."""
        first = max(0, round(start * GRID))
        self.pixels[first:] *= 1 + strength * field[first:, :, None]

    def picture(self, size: int, vary: float = 0.1) -> NDArray[np.float32]:
        """The scene out of focus, mirrored or not, its exposure and warmth off by up to `vary`."""
        mirrored = self.rng.random() < 0.5
        exposure = between(self.rng, 1 - vary, 1 + vary)
        warmth = between(self.rng, -vary, vary) * 0.35
        gain = np.array((1 + warmth, 1, 1 - warmth), np.float32) * exposure
        levels = np.clip(self.pixels * gain + 0.5, 0, 255).astype(np.uint8)
        image = Image.fromarray(levels[:, ::-1] if mirrored else levels)
        image = image.filter(ImageFilter.GaussianBlur(self.blur * GRID))
        image = image.resize((size, size), Image.Resampling.BICUBIC)
        return np.asarray(image, np.float32)


def _span(middle: float, reach: float) -> tuple[int, int]:
    """The rows or columns (first, and one past the last) that something this far out touches."""
    first, last = int((middle - reach) * GRID) - 1, int((middle + reach) * GRID) + 2
    return min(max(first, 0), GRID), min(max(last, 0), GRID)
