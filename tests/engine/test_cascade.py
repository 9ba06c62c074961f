from pathlib import Path

import pytest
from PIL import Image

from likeness.engine.cascade import find_face


def test_a_face_is_found_wherever_it_is(photos: list[Path]) -> None:
    for file in photos:
        with Image.open(file) as photo:
            face = find_face(photo)

        assert face is not None, file
        assert 0.2 < face.side / photo.width < 0.7
        assert 0.3 < face.x / photo.width < 0.7


def test_boxes_are_in_px_of_the_photo(photos: list[Path]) -> None:
    with Image.open(photos[0]) as opened:
        photo = opened.convert("RGB")
    small, large = find_face(photo), find_face(photo.resize((1536, 1536)))

    assert small is not None and large is not None
    assert large.side == pytest.approx(3 * small.side, rel=0.05)
    assert large.x == pytest.approx(3 * small.x, rel=0.05)


def test_no_face_is_found_where_there_is_none() -> None:
    assert find_face(Image.new("RGB", (300, 200), "teal")) is None
    assert find_face(Image.new("L", (1, 400), 80)) is None
