"""Captions of clips say what moves, in many wordings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundry.portraits.directing import draw_motion, draw_start
from foundry.portraits.motion_caption import draw_motion_caption
from foundry.portraits.person import Person, draw_person
from foundry.portraits.photo import Photo
from likeness.engine.acting.motion import KINDS, Kind, Motion, Movement, Track

SEEDS = st.integers(0, 1 << 30)
# A word of each that is in all of its captions.
SAID: dict[Kind, str] = {
    "turn left": "left",
    "turn right": "right",
    "face the camera": "camera|front",
    "look up": "up|rais|lift",
    "look down": "down|lower|bow",
    "tilt left": "left",
    "tilt right": "right",
    "nod": "nod",
    "shake the head": "shak",
    "glance left": "left",
    "glance right": "right",
    "glance up": "up",
    "glance down": "down",
    "look around": "around|wander|side to side",
    "smile": "smil|grin",
    "stop smiling": "smil|serious",
    "laugh": "laugh",
    "look surprised": "surprise",
    "look sad": "sad",
    "look angry": "angry|frown",
    "raise the eyebrows": "eyebrows",
    "close the eyes": "clos|shut",
    "blink": "blink",
    "talk": "talk|speak|say|chat",
    "shrug": "shrug",
}
WOMAN = draw_person(3, gender="woman")


def movement(kind: Kind, start: float = 0.2, **fixed: object) -> Movement:
    return Movement.model_validate(
        {"kind": kind, "start": start, "seconds": 0.8, "amount": 0.8} | fixed
    )


def captions(*movements: Movement, camera: Track = "still", person: Person = WOMAN) -> list[str]:
    motion = Motion(seed=1, frames=17, rate=8, movements=movements, blinks=(0.5,), camera=camera)
    photo = draw_start(1, person)
    return [draw_motion_caption(person, photo, motion, seed) for seed in range(300)]


@given(SEEDS, SEEDS, SEEDS)
def test_all_that_moves_is_said(someone: int, index: int, seed: int) -> None:
    person = draw_person(someone)
    photo = draw_start(index, person)
    motion = draw_motion(index, person, photo, 17, 8)
    caption = draw_motion_caption(person, photo, motion, seed)

    for kind in motion.kinds:
        assert re.search(SAID[kind], caption), (kind, caption)
    assert "{" not in caption
    assert "  " not in caption
    assert caption == draw_motion_caption(person, photo, motion, seed)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_said_in_several_ways(kind: Kind) -> None:
    said = captions(movement(kind))

    assert len(set(said)) > 60
    assert all(re.search(SAID[kind], caption) for caption in said)


@pytest.mark.parametrize(("kind", "other"), [("turn left", "right"), ("turn right", "left")])
def test_sides_are_not_confused(kind: Kind, other: str) -> None:
    bald = draw_person(4, gender="man", hair="bald", glasses=None)
    photo = draw_start(1, bald)
    shown = photo.model_copy(update={"yaw": 0.0, "light": "flat front light", "eyewear": None})
    motion = Motion(
        seed=1, frames=17, rate=8, movements=(movement(kind),), blinks=(), camera="still"
    )

    assert not any(
        other in draw_motion_caption(bald, shown, motion, seed).lower() for seed in range(200)
    )


def test_what_people_write_is_among_them() -> None:
    both = captions(movement("turn left"), movement("smile", 0.4))
    lower = {caption.lower().rstrip(".") for caption in both}

    assert "she turns her head to the left and smiles" in lower
    assert any(caption.startswith(("a woman", "the woman")) for caption in lower)
    assert any(caption.endswith(".") for caption in both)
    assert len({len(caption) // 20 for caption in both}) > 4


def test_what_comes_later_is_said_later() -> None:
    for caption in captions(movement("nod"), movement("laugh", 1.2)):
        assert caption.lower().index("nod") < caption.lower().index("laugh")
        assert "then" in caption


def test_what_goes_back_is_said_to() -> None:
    for caption in captions(movement("turn left", back=1.2)):
        assert re.search("back|for a moment", caption)


def test_who_keeps_still_is_said_to() -> None:
    for caption in captions():
        assert re.search("still|very little|without moving|nothing but", caption)


@pytest.mark.parametrize(
    ("camera", "word"),
    [("push in", "clos|in"), ("pull back", "back|out|away"), ("drift left", "left")],
)
def test_a_moving_camera_is_said(camera: Track, word: str) -> None:
    said = captions(movement("nod"), camera=camera)
    told = [caption for caption in said if re.search(r"camera|zoom|push in|pull back", caption)]

    assert len(told) > 0.9 * len(said)
    assert all(re.search(word, caption) for caption in told)


def test_a_name_is_left_as_it_is_written() -> None:
    triggers = [caption for caption in captions(movement("nod")) if "lk" in caption.lower()]

    assert triggers
    assert not any("Lk" in caption for caption in triggers)


def test_the_scene_is_of_the_photo() -> None:
    photo: Photo = draw_start(1, WOMAN)
    told = [caption for caption in captions(movement("nod")) if photo.outfit.colour in caption]

    assert told
    assert len(told) < 200
