"""The measure itself, on real photos only: no network, a few seconds."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.ml.measure import Portrait, distance, distance_to_all, portrait
from tests.ml.people import people

from likeness.engine.cascade import find_face

PEOPLE = people()


def read(file: Path) -> Image.Image:
    with Image.open(file) as photo:
        # at mini's size: what a larger photo shows beyond it must not help
        return photo.convert("RGB").resize((128, 128), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def held_out() -> dict[str, list[Portrait]]:
    return {person.name: [portrait(read(file)) for file in person.held_out] for person in PEOPLE}


def test_real_photos_are_nearest_to_the_same_person(held_out: dict[str, list[Portrait]]) -> None:
    right = 0
    for person in PEOPLE:
        for file in person.photos:
            here = portrait(read(file))
            assert here.found, file
            far = {name: distance_to_all(here, others) for name, others in held_out.items()}
            right += min(far, key=far.__getitem__) == person.name

    assert right >= 58  # of 64


@pytest.mark.parametrize("colour", ["lime", "black", "white"])
def test_another_background_is_hardly_seen(
    held_out: dict[str, list[Portrait]], colour: str
) -> None:
    strangers, painted = [], []
    for person in PEOPLE:
        mine = held_out[person.name]
        others = [one for name, some in held_out.items() if name != person.name for one in some]
        strangers += [distance_to_all(one, others) for one in mine]
        painted += [
            distance(before, portrait(paint_around_head(read(file), colour)))
            for file, before in zip(person.held_out, mine, strict=True)
        ]

    assert np.mean(painted) < 0.3 * np.mean(strangers)


def paint_around_head(photo: Image.Image, colour: str) -> Image.Image:
    """The photo with one colour everywhere but on the head."""
    face = find_face(photo)
    assert face is not None
    x, y, side = face.x, face.y - 0.1 * face.side, face.side
    mask = Image.new("L", photo.size)
    ImageDraw.Draw(mask).ellipse((x - 0.7 * side, y - side, x + 0.7 * side, y + side), fill=255)
    return Image.composite(photo, Image.new("RGB", photo.size, colour), mask)
