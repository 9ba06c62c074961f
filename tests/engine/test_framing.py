"""Pictures cropped to another ratio, heads in."""

from pathlib import Path

import pytest
from PIL import Image

from likeness.engine.faces import FaceReader
from likeness.engine.framing import framed
from likeness.media.picture import fit


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


@pytest.mark.parametrize("high", [True, False])
def test_a_face_at_the_edge_comes_to_the_middle(
    photo: Image.Image, reader: FaceReader, high: bool
) -> None:
    side = max(photo.size)
    tall = Image.new("RGB", (side, 3 * side), (90, 120, 90))
    tall.paste(photo, (0, 0 if high else 3 * side - photo.height))

    (face, *_) = reader.find(framed(tall, 320, 240, reader))

    assert 80 < face.box.y < 160
    assert not reader.find(fit(tall, 320, 240)), "as the middle alone would have it"


def test_same_ratio_keeps_everything(photo: Image.Image, reader: FaceReader) -> None:
    width, height = (side // 2 for side in photo.size)

    assert framed(photo, width, height, reader).tobytes() == fit(photo, width, height).tobytes()


def test_without_a_face_it_is_the_middle(reader: FaceReader) -> None:
    sky = Image.radial_gradient("L").convert("RGB")

    assert framed(sky, 160, 90, reader).tobytes() == fit(sky, 160, 90).tobytes()
