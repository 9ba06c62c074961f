from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from likeness.bases import TrainingRecipe
from likeness.engine.faces import Description, FaceReader
from likeness.engine.photos import crop_photos, words_of

Crops = Callable[..., TrainingRecipe]


def nothing(_: int) -> None: ...


def test_each_photo_gives_one_crop_for_each_scale(
    photos: list[Path], reader: FaceReader, crops_of: Crops
) -> None:
    done: list[int] = []
    crops = crop_photos(photos, reader, crops_of(1.6, 2.4, 3.2, side=64), done.append)

    assert len(crops) == 3 * len(photos)
    assert done == [1, 2, 3, 4]
    for crop in crops:
        assert crop.pixels.shape == (3, 64, 64)
        assert crop.pixels.min() >= -1 and crop.pixels.max() <= 1
        assert crop.head.shape == (64, 64)
        assert "view" in crop.caption or "turned" in crop.caption or "profile" in crop.caption


def test_the_head_is_marked_and_fills_more_of_a_closer_crop(
    photos: list[Path], reader: FaceReader, crops_of: Crops
) -> None:
    near, far = crop_photos(photos[:1], reader, crops_of(1.8, 2.6, side=64), nothing)

    assert near.head.mean() > 1.5 * far.head.mean()
    for crop in (near, far):
        assert crop.head[28, 32] == 1
        assert crop.head[63, 0] == 0


@pytest.mark.parametrize("size", [(40, 300), (300, 40), (1, 1), (128, 128)])
def test_a_photo_without_face_is_cropped_in_the_upper_middle(
    tmp_path: Path, size: tuple[int, int], reader: FaceReader, crops_of: Crops
) -> None:
    file = tmp_path / "plain.png"
    Image.new("RGB", size, "teal").save(file)

    (crop,) = crop_photos([file], reader, crops_of(2.0, side=32), nothing)

    assert crop.pixels.std(dim=(1, 2)).max() < 0.01
    assert crop.head[16, 16] == 1
    assert crop.caption == ""


def test_nothing_is_mirrored(
    tmp_path: Path, photos: list[Path], reader: FaceReader, crops_of: Crops
) -> None:
    with Image.open(photos[0]) as photo:
        photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "flipped.png")
    recipe = crops_of(2.0, side=64)
    straight = crop_photos(photos[:1], reader, recipe, nothing)[0].pixels
    flipped = crop_photos([tmp_path / "flipped.png"], reader, recipe, nothing)[0].pixels

    assert (straight - flipped).abs().mean() > 2 * (straight - flipped.flip(-1)).abs().mean()
    assert torch.equal(straight, crop_photos(photos[:1], reader, recipe, nothing)[0].pixels)


def described(**changes: Any) -> Description:
    told: dict[str, Any] = {
        "embedding": np.zeros(128, np.float32),
        "man": 0.1,
        "age": 30.0,
        "eyewear": "none",
        "expression": None,
        "yaw": 0.0,
    }
    return Description(**(told | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "front view"),
        ({"expression": "smiling", "yaw": -30.0}, "smiling, three-quarter view to the left"),
        ({"eyewear": "glasses", "yaw": 80.0}, "wearing glasses, profile to the right"),
    ],
)
def test_what_passes_is_said(changes: dict[str, Any], words: str) -> None:
    assert words_of(described(**changes)) == words
