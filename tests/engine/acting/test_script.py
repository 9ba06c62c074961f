"""Prompts say what somebody does, and when."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.engine.acting.expression import unit_weights
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.moments import clip_moments
from likeness.engine.acting.motion import Kind, Motion, Track
from likeness.engine.acting.script import FARTHEST, USUAL, scene_of, write_script

RATE = 24


def beginning(yaw: float = 0.0, expression: str = "neutral") -> Moment:
    return Moment(yaw, 0.0, 0.0, yaw / 2, (0.0, 0.0), unit_weights(expression), 0.0, 0.0)


def script(prompt: str, seconds: float = 5.0, seed: int = 1, start: Moment | None = None) -> Motion:
    return write_script(prompt, start or beginning(), round(seconds * RATE), RATE, seed)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("she turns to the right and smiles", ["turn right", "smile"]),
        ("he laughs, then looks left", ["laugh", "turn left"]),
        ("A man slowly turns his head to the left.", ["turn left"]),
        ("looking over her right shoulder", ["turn right"]),
        ("she looks up with her eyes", ["glance up"]),
        ("glances to the left", ["glance left"]),
        ("he looks up, then lowers his head", ["look up", "look down"]),
        ("tilts her head to the left while talking", ["tilt left", "talk"]),
        ("he nods three times and says something", ["nod", "talk"]),
        ("she shakes her head no", ["shake the head"]),
        ("looks around", ["look around"]),
        ("he stops smiling and becomes angry", ["stop smiling", "look angry"]),
        ("raises her eyebrows in surprise", ["raise the eyebrows"]),
        ("she closes her eyes, then looks at the camera", ["close the eyes", "face the camera"]),
        ("blinks twice and shrugs", ["blink", "shrug"]),
        ("a sad woman", ["look sad"]),
        ("portrait of a woman standing to the left of a tree, nodding", ["nod"]),
        ("keeps still", []),
        ("stands still, the camera pans left", []),
        ("close-up of a man with brown eyes, nodding", ["nod"]),
        ("portrait of a man with a sad expression, nodding", ["nod"]),
        ("she talks to the camera and tilts her head to the left", ["talk", "tilt left"]),
    ],
)
def test_movements_are_those_that_are_named_in_their_order(prompt: str, kinds: list[Kind]) -> None:
    assert list(script(prompt, 8).kinds) == kinds


@pytest.mark.parametrize(
    ("prompt", "track"),
    [
        ("slow zoom in, she looks around", "push in"),
        ("the camera moves closer", "push in"),
        ("slow pull back", "pull back"),
        ("the camera drifts to the left", "drift left"),
        ("panning right over a city", "drift right"),
        ("she turns to the left", "still"),
        ("he talks to the camera and tilts his head to the left", "still"),
        ("turns towards the camera, and then to the right", "still"),
        ("the camera does not move, she looks to the right", "still"),
        ("static camera, he turns left", "still"),
        ("slow camera move to the right, she leans her head to the left", "drift right"),
    ],
)
def test_cameras_move_as_they_are_asked_to(prompt: str, track: Track) -> None:
    assert script(prompt).camera == track


def test_what_is_said_to_follow_follows() -> None:
    first, second = script("she nods, then smiles").movements
    one, other = script("she nods and smiles").movements

    assert second.start >= first.start + first.seconds
    assert other.start < one.start + one.seconds


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("turns to the left", "turns slightly to the left"),
        ("smiles broadly", "smiles"),
        ("nods four times, several times", "nods once"),
    ],
)
def test_words_say_how_far_and_how_often(more: str, less: str) -> None:
    (much,), (little,) = (script(prompt).movements for prompt in (more, less))

    assert much.amount * much.times > little.amount * little.times


def test_words_say_how_fast() -> None:
    slow, usual, fast = (
        script(f"turns {word} to the left", 9).movements[0].seconds
        for word in ("slowly", "", "quickly")
    )

    assert slow > usual > fast


def test_what_is_to_come_back_does() -> None:
    there, back = (script(f"turns to the left{end}") for end in ("", " and back"))

    assert there.movements[0].back is None
    ends = [clip_moments(beginning(), motion)[-1].yaw for motion in (there, back)]
    assert ends[0] < -15
    assert abs(ends[1]) < 3


@pytest.mark.parametrize(
    ("prompt", "expression"),
    [
        ("she smiles and nods", "smile"),
        ("he laughs, nodding", "laughing"),
        ("portrait of a sad man, he nods", "sad"),
        ("an angry woman, nodding", "angry"),
    ],
)
def test_who_looks_so_already_does_not_begin_to(prompt: str, expression: str) -> None:
    assert script(prompt, start=beginning(expression=expression)).kinds == ("nod",)
    assert len(script(prompt).kinds) == 2


def test_who_smiles_can_still_laugh() -> None:
    assert script("she laughs", start=beginning(expression="smile")).kinds == ("laugh",)


def test_heads_that_are_turned_turn_no_further() -> None:
    end = clip_moments(beginning(-38), script("turns to the left", start=beginning(-38)))[-1]

    assert end.yaw > -FARTHEST - 3
    assert script("turns to the left", start=beginning(-FARTHEST)).kinds != ("turn left",)


def test_talk_lasts_to_the_end_and_who_talks_alone_moves_their_head() -> None:
    talk, *turns = script("she talks to the camera", 10).movements

    assert talk.kind == "talk"
    assert talk.start + talk.seconds > 9
    assert len(turns) > 1
    assert {turn.kind for turn in turns} == {"turn left", "turn right"}
    assert all(turn.watching for turn in turns)
    assert script("chatting", 8).kinds[0] == "talk"
    assert script("she talks and nods", 10).kinds == ("talk", "nod")
    assert script("he talks without moving", 10).kinds == ("talk",)


def test_where_nothing_is_asked_for_the_head_turns_a_little_and_back() -> None:
    prompt = "a woman at the beach"
    yaws = [moment.yaw for moment in clip_moments(beginning(), script(prompt, 8))]

    assert 5 < max(yaws) - min(yaws) < 30
    assert abs(yaws[-1]) < 4
    assert script(prompt, seed=1) != script(prompt, seed=2)


@given(st.text(max_size=80), st.floats(1, 15), st.integers(0, 2**63 - 1), st.floats(-70, 70))
def test_whatever_is_asked_for_fits_into_the_clip(
    prompt: str, seconds: float, seed: int, yaw: float
) -> None:
    motion = script(prompt, seconds, seed, beginning(yaw))

    assert motion == script(prompt, seconds, seed, beginning(yaw))
    for movement in motion.movements:
        assert movement.start > 0
        assert (movement.back or movement.start) + movement.seconds <= seconds + 1 / RATE


@given(st.lists(st.sampled_from(sorted(USUAL)), min_size=1, max_size=6), st.floats(1, 10))
def test_many_movements_fit_into_a_short_clip(kinds: list[Kind], seconds: float) -> None:
    prompt = ", then ".join(kinds)
    motion = script(prompt, seconds)

    starts = [movement.start for movement in motion.movements if not movement.watching]
    assert all(one < other for one, other in pairwise(starts))
    assert motion.movements[-1].start + motion.movements[-1].seconds <= seconds + 1 / RATE


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a man in a bright room, he turns to his Left", "a man in a bright room, he turns"),
        ("smiling, at the beach", "smiling, at the beach"),
        ("left", ""),
    ],
)
def test_pictures_are_not_told_of_turns(prompt: str, words: str) -> None:
    assert scene_of(prompt) == words
