"""Prompts say what their answers claim."""

from foundry.evaluation.prompts import adapter_prompts, base_prompts
from foundry.portraits.caption import EXPRESSION, GARMENT, PLACE
from foundry.questions import QUESTIONS


def test_every_answer_is_one_of_its_question() -> None:
    for asked in [*base_prompts(100), *adapter_prompts(100)]:
        assert asked.answers
        for question, answer in asked.answers.items():
            assert answer in QUESTIONS[question]


def test_prompts_say_what_is_asked() -> None:
    for asked in base_prompts(100):
        answers = asked.answers
        assert EXPRESSION[answers["expression"]][0] in asked.prompt
        assert any(f"{answers['clothes']} {words[0]}" in asked.prompt for words in GARMENT.values())
        place = answers["background"]
        if place.startswith("studio:"):
            assert f"plain {place.removeprefix('studio:')} background" in asked.prompt
        else:
            assert PLACE[place][0] in asked.prompt
        assert (answers["eyewear"] != "none") == (f"wearing {answers['eyewear']}" in asked.prompt)
        assert answers["gender"] in asked.prompt


def test_people_get_prompts_of_their_own() -> None:
    first, second = adapter_prompts(8), adapter_prompts(8, start=8)

    assert adapter_prompts(8) == first
    assert {one.prompt for one in first}.isdisjoint(one.prompt for one in second)


def test_glasses_are_asked_for_and_not() -> None:
    asked = {one.answers["eyewear"] for one in adapter_prompts(20)}

    assert asked == {"none", "glasses", "sunglasses"}
