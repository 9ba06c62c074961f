"""The path of poses and expressions that a clip follows."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.engine.path import LEFT, RIGHT, SMILE, poses, poses_after, scene_of, way_to

RATE = 24


@given(st.text(max_size=60), st.integers(24, 360), st.integers(0, 2**63 - 1))
def test_each_movement_goes_out_and_back_without_a_jump(
    prompt: str, frames: int, seed: int
) -> None:
    path = poses(prompt, frames, RATE, seed)

    assert len(path) == frames
    assert path[0].far == pytest.approx(0) == pytest.approx(path[-1].far)
    assert max(abs(one.far - other.far) for one, other in pairwise(path)) < 0.2
    for _, movement in groupby(path, lambda pose: pose.words):
        assert max(pose.far for pose in movement) > 0.98


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("she turns to the right and smiles", [RIGHT, SMILE, LEFT]),
        ("he laughs, then looks left", [SMILE, LEFT, RIGHT]),
        ("a bright smile", [SMILE, LEFT, RIGHT]),
        ("a man by the sea", [LEFT, RIGHT, SMILE]),
    ],
)
def test_movements_that_the_prompt_names_come_first(prompt: str, words: list[str]) -> None:
    path = poses(prompt, 9 * RATE, RATE, 1)

    assert list(dict.fromkeys(pose.words for pose in path)) == words


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


def test_the_seed_chooses_the_side() -> None:
    assert {poses("a man", 72, RATE, seed)[0].words for seed in range(4)} == {LEFT, RIGHT}


def test_a_head_turns_as_another_did() -> None:
    path = poses_after([5, 15, 25, 5, -15, -95], 11, 20)

    assert [pose.far for pose in path] == pytest.approx(
        [0, 0.25, 0.5, 0.75, 1, 0.5, 0, 0.5, 1, 1, 1]
    )
    assert [pose.words for pose in path[1:6]] == [RIGHT] * 5
    assert [pose.words for pose in path[7:]] == [LEFT] * 4


@given(st.floats(1, 15))
def test_on_the_way_to_a_last_picture_most_stays_at_both_ends(seconds: float) -> None:
    times, strengths = zip(*way_to(seconds), strict=True)

    assert 0 < times[0] < times[-1] < 1
    assert list(times) == sorted(times)
    assert strengths[0] == pytest.approx(strengths[-1])
    assert min(strengths) < strengths[0] < 1
