import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.bases import SamplingRecipe, view_of
from likeness.bases.view import says_view


@given(st.floats(-90, 90))
def test_every_view_is_recognised_as_one(yaw: float) -> None:
    assert says_view(f"photo of a man, {view_of(yaw)}, smiling")


@pytest.mark.parametrize(
    ("yaw", "words"),
    [
        (0, "front view"),
        (-17, "front view"),
        (-30, "three-quarter view to the left"),
        (50, "turned to the right"),
        (85, "profile to the right"),
    ],
)
def test_sides_are_the_viewers(yaw: float, words: str) -> None:
    assert view_of(yaw) == words


def test_a_prompt_without_a_view_is_completed() -> None:
    recipe = SamplingRecipe(steps=1, guidance=0, view="front view")

    assert recipe.completed("a man at the beach") == "a man at the beach, front view"
    assert recipe.completed("a man in profile") == "a man in profile"
    assert recipe.completed("a man Looking straight ahead") == "a man Looking straight ahead"


def test_a_base_without_a_view_takes_prompts_as_they_are() -> None:
    assert SamplingRecipe(steps=1, guidance=0).completed("a man") == "a man"
