"""From photos to training crops: squares around the head, with the head marked."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from likeness.bases import TrainingRecipe
from likeness.engine.cascade import find_face
from likeness.engine.faces import FaceBox
from likeness.engine.figure import find_figure
from likeness.engine.staging import Scene, stage

# A head with its hair, around the face that the cascade finds, in sides of that face's box.
HEAD_WIDTH = 1.5
HEAD_HEIGHT = 2.0
HEAD_RISE = 0.12
# Where no face is found: a head in the upper middle of the photo, as portraits mostly have it.
ASSUMED_FACE = 0.4
ASSUMED_HEIGHT = 0.42
# How far below the middle of the face the middle of a crop lies, in crop sides: shoulders show.
LOWERED = 0.06


@dataclass(frozen=True)
class Crop:
    """A square piece of a photo, or of a picture made from one.

    `pixels` (3, side, side) in -1..1. `head` (side, side) is 1 where the head is, `known` where
    every one of `captions` says what is there; both in 0..1 with soft edges. `captions` are what
    follows the person's name and description. `staged` where staging made the picture.
    """

    pixels: Tensor
    head: Tensor
    known: Tensor
    captions: tuple[str, ...]
    staged: bool


def crop_photos(
    photos: Sequence[Path], recipe: TrainingRecipe, on_photo: Callable[[int], None]
) -> list[Crop]:
    """Training crops of the recipe's resolution from photos.

    One for each of `recipe.crops` from each photo, and one from each picture that staging makes.
    A crop that would reach beyond its photo is moved, then shrunk, to fit; no photo is mirrored,
    because faces are not symmetric. Where no face is found, one is assumed in the upper middle.
    `on_photo(n)` is called after the nth photo.
    """
    draw = random.Random(recipe.seed)
    crops: list[Crop] = []
    for number, file in enumerate(photos, start=1):
        with Image.open(file) as opened:
            photo = opened.convert("RGB")
        face = find_face(photo) or _assumed(photo)
        unknown = np.zeros((photo.height, photo.width), np.float32)
        plain = Scene(photo, unknown, ("", *recipe.places), staged=False)
        scenes = [(plain, scale) for scale in recipe.crops]
        if recipe.staging is not None:
            figure = find_figure(photo, face)
            staged = stage(photo, figure, recipe.staging, recipe.places, draw)
            scenes += [(scene, draw.choice(recipe.crops)) for scene in staged]
        crops += [_crop(scene, face, scale, recipe.resolution) for scene, scale in scenes]
        on_photo(number)
    return crops


def _assumed(photo: Image.Image) -> FaceBox:
    return FaceBox(photo.width / 2, photo.height * ASSUMED_HEIGHT, ASSUMED_FACE * min(photo.size))


def _crop(scene: Scene, face: FaceBox, scale: float, side: int) -> Crop:
    photo = scene.picture
    length = min(face.side * scale, *photo.size)
    left = _within(face.x - length / 2, photo.width - length)
    top = _within(face.y - length / 2 + LOWERED * length, photo.height - length)
    box = (left, top, left + length, top + length)
    piece = photo.resize((side, side), Image.Resampling.LANCZOS, box=box)
    known = Image.fromarray(scene.known).resize((side, side), Image.Resampling.BILINEAR, box=box)
    pixels = torch.from_numpy(np.array(piece, dtype=np.float32)).permute(2, 0, 1) / 127.5 - 1
    zoom = side / length
    here = FaceBox((face.x - left) * zoom, (face.y - top) * zoom, face.side * zoom)
    return Crop(
        pixels.contiguous(),
        _head(here, side),
        torch.from_numpy(np.array(known)),
        scene.captions,
        scene.staged,
    )


def _within(position: float, last: float) -> float:
    return min(max(position, 0.0), last)


def _head(face: FaceBox, side: int) -> Tensor:
    middles = torch.arange(side) + 0.5
    x = (middles - face.x) / (face.side * HEAD_WIDTH / 2)
    y = (middles - face.y + HEAD_RISE * face.side) / (face.side * HEAD_HEIGHT / 2)
    distance = (x[None, :] ** 2 + y[:, None] ** 2).sqrt()
    # 1 inside the ellipse, falling to 0 over a quarter of its radius.
    return ((1.25 - distance) / 0.25).clamp(0, 1)
