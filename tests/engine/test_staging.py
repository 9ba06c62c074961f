"""Captioned pictures made from a photo: the caption tells the truth, and the head stays."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.bases import StagingRecipe
from likeness.engine.cascade import find_face
from likeness.engine.faces import FaceBox
from likeness.engine.figure import Figure, find_figure
from likeness.engine.staging import Scene, stage

COLOURS = {"red": (178, 38, 40), "green": (48, 122, 70), "blue": (52, 98, 176)}
PLACES = ("at the beach", "in a park")


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as opened:
        return opened.convert("RGB")


@pytest.fixture(scope="module")
def face(photo: Image.Image) -> FaceBox:
    face = find_face(photo)
    assert face is not None
    return face


@pytest.fixture(scope="module")
def figure(photo: Image.Image, face: FaceBox) -> Figure:
    return find_figure(photo, face)


@pytest.fixture(scope="module")
def scenes(photo: Image.Image, figure: Figure) -> list[Scene]:
    recipe = StagingRecipe(
        variants=6, time_mean=0, garments=("t-shirt", "sweater"), colours=COLOURS
    )
    return list(stage(photo, figure, recipe, PLACES, random.Random(0)))


def test_the_figure_has_face_and_clothes_in_their_places(figure: Figure, face: FaceBox) -> None:
    x, y, side = round(face.x), round(face.y), round(face.side)
    assert figure.person[y, x] == 1
    assert figure.clothes[y, x] == 0
    assert figure.clothes[-10:, x - side // 4 : x + side // 4].mean() > 0.8
    assert figure.person[:20, :20].max() == 0
    assert figure.person[figure.clothes > 0.99].min() > 0.5


def test_clothes_have_the_colour_that_the_caption_says(scenes: list[Scene], figure: Figure) -> None:
    inside = figure.clothes > 0.95
    for scene in scenes:
        pixels = np.asarray(scene.picture, dtype=float)[inside].mean(axis=0)
        word = scene.captions[0].split()[2]
        nearest = min(COLOURS, key=lambda name: np.abs(pixels - COLOURS[name]).sum())
        assert nearest == word
        assert all(caption.startswith(f"wearing a {word} ") for caption in scene.captions)


def test_a_plain_wall_is_told_of_and_a_kept_background_is_not_known(
    scenes: list[Scene], figure: Figure
) -> None:
    walls = [scene for scene in scenes if "plain" in scene.captions[0]]
    kept = [scene for scene in scenes if "plain" not in scene.captions[0]]
    assert len(walls) == len(kept) == 3
    for scene in walls:
        assert scene.known.min() == 1
        corner = np.asarray(scene.picture, dtype=float)[:30, :30].mean(axis=(0, 1))
        word = scene.captions[0].split()[-2]
        assert word == min(COLOURS, key=lambda name: np.abs(corner - COLOURS[name]).sum())
    for scene in kept:
        assert (scene.known == figure.clothes).all()


def test_the_face_is_not_touched(photo: Image.Image, scenes: list[Scene], face: FaceBox) -> None:
    half = face.side * 0.25
    left, top = round(face.x - half), round(face.y - half)
    right, bottom = round(face.x + half), round(face.y + half)
    box = (left, top, right, bottom)
    for scene in scenes:
        assert scene.picture.crop(box).tobytes() == photo.crop(box).tobytes()
