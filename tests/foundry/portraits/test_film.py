"""Clips of people, on a tiny generated pack: what stands still does, what moves does not jump."""

from dataclasses import replace

import numpy as np
import pytest

from foundry.portraits.moment import photo_moment
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Person, draw_person
from foundry.portraits.photo import Photo, draw_photo
from foundry.portraits.renderer import Renderer, Rendering
from foundry.portraits.tiny_pack import write_tiny_pack
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.moments import clip_moments
from likeness.engine.acting.motion import Motion, Movement, Track

pytestmark = pytest.mark.graphics

SIZE = 64
CORNER = (slice(0, 8), slice(0, 8))
TURN = Movement(kind="turn right", start=0.1, seconds=0.8, amount=35)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    return Renderer(AssetPack(write_tiny_pack(tmp_path_factory.mktemp("pack"))))


@pytest.fixture(scope="module")
def person() -> Person:
    return draw_person(7, gender="woman", hair="long straight")


def photo(of: Person, **fixed: object) -> Photo:
    calm: dict[str, object] = {"yaw": 0.0, "offset": 0.0, "frame": "portrait", "hat": None}
    return draw_photo(3, of, **(calm | {"background": "brick wall"} | fixed))


def filmed(
    renderer: Renderer, of: Person, start: Photo, *movements: Movement, camera: Track = "still"
) -> list[Rendering]:
    motion = Motion(seed=4, frames=9, rate=8, movements=movements, blinks=(0.5,), camera=camera)
    return renderer.film(of, start, clip_moments(photo_moment(start), motion), SIZE)


@pytest.mark.parametrize("expression", ["neutral", "laughing", "surprised", "eyes closed"])
def test_a_clip_begins_with_its_photo_bit_for_bit(
    renderer: Renderer, person: Person, expression: str
) -> None:
    start = photo(person, expression=expression)
    first = filmed(renderer, person, start, TURN)[0]

    assert np.array_equal(first.pixels, renderer.picture(person, start, SIZE))


def test_frames_do_not_depend_on_each_other(renderer: Renderer, person: Person) -> None:
    start = photo(person)
    frames = filmed(renderer, person, start, TURN)
    renderer.picture(person, photo(person, expression="laughing", yaw=40.0), SIZE)
    again = filmed(renderer, person, start, TURN)

    for one, other in zip(frames, again, strict=True):
        assert np.array_equal(one.pixels, other.pixels)


def test_behind_a_still_camera_nothing_moves(renderer: Renderer, person: Person) -> None:
    pixels = np.stack([frame.pixels for frame in filmed(renderer, person, photo(person), TURN)])

    assert (pixels[:, *CORNER] == pixels[:1, *CORNER]).all()
    assert (pixels != pixels[:1]).any(axis=(1, 2, 3))[1:].all()


@pytest.mark.parametrize("camera", ["push in", "pull back", "drift left", "drift right"])
def test_a_moving_camera_moves_what_is_behind(
    renderer: Renderer, person: Person, camera: Track
) -> None:
    frames = filmed(renderer, person, photo(person), camera=camera)
    pixels = np.stack([frame.pixels[CORNER].astype(int) for frame in frames])
    first, last = frames[0].landmarks, frames[-1].landmarks
    width = [marks[1, 0] - marks[0, 0] for marks in (first, last)]
    moved = (last - first)[:, 0].mean()

    assert (pixels[1:] != pixels[:-1]).any()
    assert np.abs(pixels[1:] - pixels[:-1]).mean() < 12
    if camera == "push in":
        assert width[1] > width[0] * 1.1
    elif camera == "pull back":
        assert width[1] < width[0] * 0.92
    else:
        assert np.sign(moved) == (1 if camera == "drift left" else -1)


def test_the_nose_turns_with_the_head(renderer: Renderer, person: Person) -> None:
    frames = filmed(renderer, person, photo(person), TURN)
    noses = np.array([frame.landmarks[2, 0] for frame in frames])

    assert noses[-1] - noses[0] > 4
    assert np.diff(noses).min() > -0.5
    assert np.diff(noses).max() < 5


def test_hair_that_trails_is_behind(renderer: Renderer, person: Person) -> None:
    start = photo(person)
    held = photo_moment(start)
    trailing: Moment = replace(held, trail=(20.0, 0.0, 0.0))
    one, other = renderer.film(person, start, [held, trailing], SIZE)

    assert (one.pixels != other.pixels).any()
    assert np.array_equal(one.landmarks, other.landmarks)


def test_raised_shoulders_leave_the_head_where_it_is(renderer: Renderer, person: Person) -> None:
    start = photo(person, frame="upper body")
    held = photo_moment(start)
    one, other = renderer.film(person, start, [held, replace(held, shoulders=0.3)], SIZE)

    assert np.abs(one.landmarks - other.landmarks).max() < 0.5
    assert (one.pixels[40:] != other.pixels[40:]).any()
