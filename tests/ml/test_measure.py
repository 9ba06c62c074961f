"""The measure itself, on the example people's photos."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from tests.ml.measure import Embeddings, Eye, likeness
from tests.ml.people import people

PEOPLE = people()


def read(file: Path) -> Image.Image:
    with Image.open(file) as photo:
        # at mini's size: what a larger photo shows beyond it must not help
        return photo.convert("RGB").resize((128, 128), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def eye() -> Eye:
    return Eye()


@pytest.fixture(scope="module")
def held_out(eye: Eye) -> dict[str, Embeddings]:
    return {person.name: eye.embeddings([read(f) for f in person.held_out]) for person in PEOPLE}


def test_real_photos_are_nearest_to_the_same_person(
    eye: Eye, held_out: dict[str, Embeddings]
) -> None:
    right = 0
    for person in PEOPLE:
        for file in person.photos:
            seen = eye.embeddings([read(file)])
            assert len(seen) == 1, file
            near = {name: likeness(seen, others) for name, others in held_out.items()}
            right += max(near, key=near.__getitem__) == person.name

    assert right >= 60  # of 64


@pytest.mark.parametrize("colour", ["lime", "black", "white"])
def test_another_background_is_hardly_seen(eye: Eye, colour: str) -> None:
    for person in PEOPLE:
        before = eye.embeddings([read(file) for file in person.held_out])
        painted = eye.embeddings([paint_edges(read(file), colour) for file in person.held_out])

        assert len(painted) == len(before)
        assert (before * painted).sum(axis=1).mean() > 0.9


def paint_edges(photo: Image.Image, colour: str) -> Image.Image:
    """The photo with one colour at both sides of the head."""
    painted = photo.copy()
    draw = ImageDraw.Draw(painted)
    for left in (0, photo.width * 7 // 8):
        draw.rectangle((left, 0, left + photo.width // 8, photo.height), fill=colour)
    return painted
