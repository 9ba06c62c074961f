"""Making captioned training pictures from photos: other clothes, other backgrounds.

Photos come without captions. Where a picture is made, its caption is known: that teaches a small
base to take clothes and backgrounds from the prompt instead of from the photos.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from likeness.bases import StagingRecipe
from likeness.engine.figure import Figure, Mask

Colour = Sequence[int]
# A caption with one of this many places for each picture that keeps its background.
PLACES = 3


@dataclass(frozen=True)
class Scene:
    """A picture with what is known of it.

    `captions` are ends of captions, each of them true of where `known` (height, width) is 1;
    `staged` is False for a photo as it was taken.
    """

    picture: Image.Image
    known: Mask
    captions: tuple[str, ...]
    staged: bool = True


def stage(
    photo: Image.Image,
    figure: Figure,
    recipe: StagingRecipe,
    places: Sequence[str],
    draw: random.Random,
) -> Iterator[Scene]:
    """Make the recipe's `variants` from one photo, taking colours in random turns."""
    pixels = np.asarray(photo.convert("RGB"), dtype=np.float32)
    dyes = _turns(list(recipe.colours), draw)
    walls = _turns(list(recipe.colours), draw)
    for number in range(recipe.variants):
        dye = next(dyes)
        clothing = f"wearing {_article(dye)} {dye} {draw.choice(recipe.garments)}"
        dressed = _dye(pixels, figure.clothes, recipe.colours[dye])
        if number % 2:
            told = draw.sample(places, min(PLACES, len(places)))
            captions = (clothing, *(f"{clothing}, {place}" for place in told))
            yield Scene(_picture(dressed), figure.clothes, captions)
            continue
        wall = next(walls)
        before = _wall(pixels.shape, recipe.colours[wall], draw)
        alpha = figure.person[..., None]
        picture = _picture(alpha * dressed + (1 - alpha) * before)
        caption = f"{clothing}, in front of a plain {wall} background"
        yield Scene(picture, np.ones_like(figure.person), (caption,))


def _turns(names: list[str], draw: random.Random) -> Iterator[str]:
    """All names in random order, again and again: no colour is left out by chance."""
    while True:
        yield from draw.sample(names, len(names))


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _dye(pixels: NDArray[np.floating], clothes: Mask, colour: Colour) -> NDArray[np.floating]:
    """Give the clothes a colour and leave them their folds and patterns."""
    if clothes.sum() < 1:
        return pixels
    light = pixels.mean(axis=2)
    usual = float((light * clothes).sum() / clothes.sum())
    folds = np.clip(light / max(usual, 1.0), 0.35, 1.5) ** 0.8
    dyed = np.asarray(colour, dtype=np.float32) * folds[..., None]
    alpha = clothes[..., None]
    return alpha * dyed + (1 - alpha) * pixels


def _wall(shape: tuple[int, ...], colour: Colour, draw: random.Random) -> NDArray[np.floating]:
    """A plain background under a soft light, as in a studio."""
    height, width = shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    x, y = draw.uniform(0.3, 0.7) * width, draw.uniform(0.2, 0.5) * height
    distance = np.hypot(columns - x, rows - y) / max(height, width)
    light = 1.1 - draw.uniform(0.2, 0.5) * distance
    return np.asarray(colour, dtype=np.float32) * light[..., None]


def _picture(pixels: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
