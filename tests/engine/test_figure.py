"""The figure is found with the hair and the clothes that a rig has not."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from likeness.engine.between import Pixels
from likeness.engine.errors import LoadFailed
from likeness.engine.faces import FaceReader
from likeness.engine.figure import FILE, FigureReader, Mask, shipped_figures
from likeness.engine.figure_network import HEAD, FigureNetwork, head_at
from likeness.engine.weights import save_weights

SIDE = 160
WIDE = 0.85
"""Width of a head in sides of the face's square."""


@pytest.fixture(scope="module")
def picture(photos: list[Path]) -> Pixels:
    with Image.open(photos[0]) as file:
        return np.asarray(file.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def ellipse(picture: Pixels, reader: FaceReader) -> tuple[Mask, tuple[float, float], float]:
    """What lies within the face, its middle, and how wide the head is."""
    (face, _) = reader.largest(Image.fromarray(picture)) or pytest.fail("there is a face")
    x, y = np.mean(face.landmarks, axis=0).tolist()
    down, across = np.mgrid[: len(picture), : picture.shape[1]]
    inside = (across - x) ** 2 + (down - y) ** 2 < (0.35 * face.box.side) ** 2
    return inside, (x, y), WIDE * face.box.side


def found(picture: Pixels, reader: FaceReader) -> Mask:
    head, middle, width = ellipse(picture, reader)
    return shipped_figures().figure_of(picture, head, np.zeros_like(head), middle, width)


def alike(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_hair_and_clothes_are_of_it_and_corners_are_not(
    picture: Pixels, reader: FaceReader
) -> None:
    head, (x, y), width = ellipse(picture, reader)
    figure = found(picture, reader)

    assert figure[head].all()
    assert figure[int(y - 0.6 * width), int(x)], "hair"
    assert figure[-3:, int(x - width / 2) : int(x + width / 2)].mean() > 0.8, "clothes"
    assert not figure[:12, :12].any() and not figure[:12, -12:].any()
    assert 0.2 < figure.mean() < 0.8


def test_it_is_the_same_in_a_mirror_and_at_another_size(
    picture: Pixels, reader: FaceReader
) -> None:
    figure = found(picture, reader)
    flipped = found(np.ascontiguousarray(picture[:, ::-1]), reader)
    large = Image.fromarray(picture).resize((240, 240), Image.Resampling.BICUBIC)
    larger = found(np.asarray(large), reader)

    assert alike(figure, flipped[:, ::-1]) > 0.9
    small = cv2.resize(larger.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    assert alike(figure, small > 0) > 0.9


def test_others_are_not_of_it(picture: Pixels, reader: FaceReader) -> None:
    wide = np.full((SIDE, 3 * SIDE, 3), 127, np.uint8)
    wide[:, :SIDE] = wide[:, 2 * SIDE :] = picture
    wide[:, SIDE : 2 * SIDE] = picture[:1, :1]
    head, middle, width = ellipse(picture, reader)
    seen = np.zeros(wide.shape[:2], bool)
    seen[:, :SIDE] = head

    figure = shipped_figures().figure_of(wide, seen, np.zeros_like(seen), middle, width)

    assert alike(figure[:, :SIDE], found(picture, reader)) > 0.8
    assert not figure[:, 2 * SIDE :].any()


def test_what_the_rigs_body_covers_is_of_it_unless_that_is_unlikely(
    picture: Pixels, reader: FaceReader
) -> None:
    head, middle, width = ellipse(picture, reader)
    everywhere = np.ones_like(head)

    figure = shipped_figures().figure_of(picture, head, everywhere, middle, width)

    assert (figure | ~found(picture, reader)).all()
    assert not figure[:12, :12].any()


def test_pictures_may_be_far_larger_than_the_head(picture: Pixels, reader: FaceReader) -> None:
    wide = np.full((320, 320, 3), 90, np.uint8)
    wide[200:264, 30:94] = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA)
    head, (x, y), width = ellipse(picture, reader)
    small = np.zeros((320, 320), bool)
    small[200:264, 30:94] = cv2.resize(head.astype(np.uint8), (64, 64)) > 0
    place = (30 + 0.4 * x, 200 + 0.4 * y)

    figure = shipped_figures().figure_of(wide, small, np.zeros_like(small), place, 0.4 * width)

    assert figure[small].all()
    assert not figure[:100].any() and not figure[:, 200:].any()


def test_heads_are_where_they_are_said_to_be() -> None:
    there = head_at(torch.tensor([[10.0, 20.0]]), 64, 80)

    assert there.shape == (1, 1, 64, 80)
    assert there[0, 0, 20, 10] == 1 == there.max()
    assert there[0, 0, 20, 10 + int(HEAD)] < 0.05


def test_weights_of_something_else_are_refused(tmp_path: Path) -> None:
    save_weights(torch.nn.Linear(2, 2), tmp_path / FILE)

    with pytest.raises(LoadFailed, match="another network"):
        FigureReader.load(tmp_path)


def test_weights_come_back(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = FigureNetwork()
    save_weights(network, tmp_path / FILE)
    picture = np.zeros((40, 40, 3), np.uint8)
    head = np.zeros((40, 40), bool)
    head[20, 20] = True

    read, made = (
        reader.likely(picture, (20.0, 20.0), 20.0)
        for reader in (FigureReader.load(tmp_path), FigureReader(network))
    )

    assert np.allclose(read, made, atol=0.02)
