"""What befalls pictures on their way: other colours, blur, noise, compression."""

from typing import cast

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from foundry.dataset import Pixels
from foundry.recipe import Recipe

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


class Wear(Recipe):
    """The odds that a picture has other colours, is grey, was small once, is blurred, has been
    smoothed as by an autoencoder, is grainy, is a JPEG; `strength` scales all but the odds."""

    colour: float = Field(default=0.8, ge=0, le=1)
    grey: float = Field(default=0.1, ge=0, le=1)
    small: float = Field(default=0.25, ge=0, le=1)
    blur: float = Field(default=0.25, ge=0, le=1)
    smooth: float = Field(default=0.1, ge=0, le=1)
    grain: float = Field(default=0.3, ge=0, le=1)
    jpeg: float = Field(default=0.3, ge=0, le=1)
    strength: float = Field(default=1.0, ge=0, le=1)


def worn(picture: Pixels, rng: Generator, wear: Wear) -> Pixels:
    """A picture (height, width, 3) after a hard life."""
    # All chances are drawn at once: what one of them decides does not shift the others.
    chances = rng.random(7)
    odds = (wear.colour, wear.grey, wear.small, wear.blur, wear.smooth, wear.grain, wear.jpeg)
    steps = (_recoloured, _grey, _small, _blurred, _smoothed, _grained, _compressed)
    for chance, odd, step in zip(chances, odds, steps, strict=True):
        if chance < odd:
            picture = step(picture, rng, wear.strength)
    return picture


def _recoloured(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    """Exposure, contrast and white balance by a curve for each channel; then saturation."""
    gamma = np.exp(strength * rng.normal(0, 0.25))
    gains = np.exp(strength * (rng.normal(0, 0.15) + rng.normal(0, 0.08, 3)))
    offset = strength * rng.normal(0, 0.06)
    values = np.linspace(0, 1, 256)[:, None] ** gamma * gains + offset
    table = np.clip(values * 255, 0, 255).round().astype(np.uint8)[None]
    picture = _pixels(cv2.LUT(picture, table))
    saturation = float(np.exp(strength * rng.normal(0, 0.3)))
    matrix = saturation * np.eye(3, dtype=np.float32) + (1 - saturation) * LUMA
    return _pixels(cv2.transform(picture, matrix))


def _grey(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    return _pixels(cv2.transform(picture, np.tile(LUMA, (3, 1))))


def _small(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    height, width = picture.shape[:2]
    scale = 1 - strength * rng.uniform(0.1, 0.6)
    size = (max(4, round(width * scale)), max(4, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    method = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return _pixels(cv2.resize(small, (width, height), interpolation=method))


def _blurred(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    sigma = 0.2 + strength * rng.uniform(0.1, 1.3)
    return _pixels(cv2.GaussianBlur(picture, (0, 0), sigma))


def _smoothed(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    """Flat where there is little detail, sharp at edges."""
    return _pixels(cv2.bilateralFilter(picture, 5, 10 + strength * rng.uniform(0, 40), 2))


def _grained(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    noise = rng.standard_normal(picture.shape, np.float32) * (strength * rng.uniform(1, 12))
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _compressed(picture: Pixels, rng: Generator, strength: float) -> Pixels:
    quality = round(95 - strength * rng.uniform(5, 65))
    _, file = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _pixels(cast("NDArray[np.uint8]", cv2.imdecode(file, cv2.IMREAD_COLOR))[..., ::-1])


def _pixels(picture: object) -> Pixels:
    return np.ascontiguousarray(picture, np.uint8)
