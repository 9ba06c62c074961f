"""Backdrops: each name renders, repeatably, and looks alike at every size."""

import numpy as np
import pytest
from PIL import Image

from foundry.portraits.backdrop import PAINTERS, UnknownBackdrop, backdrop
from foundry.portraits.palette import BACKDROP
from foundry.portraits.photo import PLACES, STUDIO

NAMES = (*PLACES, *(STUDIO + colour for colour in BACKDROP))


def paint(name: str, seed: int, size: int = 128) -> np.ndarray:
    return backdrop(name, np.random.default_rng(seed), size)


def test_every_place_has_a_painter() -> None:
    assert set(PAINTERS) == set(PLACES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_in_range(name: str) -> None:
    for seed in range(3):
        picture = paint(name, seed, 96)
        assert picture.shape == (96, 96, 3)
        assert picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert picture.min() >= 0
        assert picture.max() <= 255


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides(name: str) -> None:
    first = paint(name, 5)
    assert first.tobytes() == paint(name, 5).tobytes()
    assert np.abs(first - paint(name, 6)).max() > 4


@pytest.mark.parametrize("name", NAMES)
def test_the_same_scene_at_every_size(name: str) -> None:
    small, large = paint(name, 7, 128), paint(name, 7, 256)
    halved = large.reshape(128, 2, 128, 2, 3).mean((1, 3))
    assert np.abs(small - halved).mean() < 2


@pytest.mark.parametrize("colour", BACKDROP)
def test_a_studio_has_its_colour(colour: str) -> None:
    mean = np.mean([paint(STUDIO + colour, seed).mean((0, 1)) for seed in range(4)], axis=0)
    assert np.abs(mean - BACKDROP[colour]).max() < 12


@pytest.mark.parametrize("name", ["the moon", "studio:plaid", "blue", "studio:", ""])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownBackdrop, match="no backdrop is called"):
        paint(name, 0)


def test_places_differ_from_each_other() -> None:
    """The nearest of the places' mean thumbnails is mostly the right one."""

    def thumbnail(name: str, seed: int) -> np.ndarray:
        picture = Image.fromarray(paint(name, seed).astype(np.uint8)).resize((8, 8))
        pixels = np.asarray(picture, np.float32)
        return (pixels + pixels[:, ::-1]).ravel() / 2

    means = {name: np.mean([thumbnail(name, seed) for seed in range(8)], axis=0) for name in PLACES}
    right = 0
    for name in PLACES:
        for seed in range(8, 11):
            seen = thumbnail(name, seed)
            distance = {other: float(np.abs(mean - seen).sum()) for other, mean in means.items()}
            right += min(distance, key=lambda other: distance[other]) == name
    assert right / (3 * len(PLACES)) > 0.5
