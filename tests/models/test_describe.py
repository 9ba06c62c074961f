"""What is said of a person in front of a prompt."""

from typing import Any

import pytest

from likeness.models.service import describe, trigger_of
from likeness.store.ids import new_id

FULL = {"age": 27.0, "gender": "Female", "ethnicity": "south asian", "eye_color": "brown"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "a 27 year old south asian woman with brown eyes"),
        ({"gender": "Male", "age": 18.0}, "an 18 year old south asian man with brown eyes"),
        ({"age": 80.0}, "an 80 year old south asian woman with brown eyes"),
        ({"age": None}, "a south asian woman with brown eyes"),
        ({"age": None, "ethnicity": "Asian"}, "an Asian woman with brown eyes"),
        ({"gender": "", "eye_color": " "}, "a 27 year old south asian person"),
        ({"age": None, "gender": "", "ethnicity": "", "eye_color": ""}, "a person"),
        ({"age": 30.5}, "a 30.5 year old south asian woman with brown eyes"),
    ],
)
def test_only_what_is_known_is_said(changes: dict[str, Any], words: str) -> None:
    assert describe({**FULL, **changes}) == words  # pyright: ignore[reportArgumentType]


def test_a_trigger_is_one_word_and_stays() -> None:
    model_id = new_id()
    assert trigger_of(model_id) == trigger_of(model_id)
    assert trigger_of(model_id).isalnum()
    assert trigger_of(new_id()) != trigger_of(model_id)
