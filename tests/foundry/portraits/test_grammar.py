"""Verbs and articles are English."""

import re

import pytest

from foundry.portraits.grammar import finite, participle, with_article
from foundry.portraits.motion_words import DONE, ONLY, SMILES_A_LITTLE, SMILES_BROADLY, STILL

PHRASES = [*STILL, *SMILES_A_LITTLE, *SMILES_BROADLY, ONLY]
VERBS = sorted({words.split()[0] for some in (*DONE.values(), PHRASES) for words in some})
VOWELS = "aeiou"


@pytest.mark.parametrize("verb", VERBS)
def test_participles_drop_an_e_and_double_a_short_vowels_consonant(verb: str) -> None:
    ending = participle(verb)

    assert ending.endswith("ing")
    if verb.endswith("e"):
        assert ending == f"{verb[:-1]}ing"
    one_syllable = len(re.findall(f"[{VOWELS}]+", verb)) == 1
    if one_syllable and re.search(f"[^{VOWELS}][{VOWELS}][^{VOWELS}wxy]$", verb):
        assert ending == f"{verb}{verb[-1]}ing"


def test_the_verb_alone_is_changed() -> None:
    assert finite("turn the head") == "turns the head"
    assert finite("do nothing") == "does nothing"
    assert participle("shake the head") == "shaking the head"
    assert participle("open the mouth") == "opening the mouth"


@pytest.mark.parametrize(
    ("words", "said"),
    [("old man", "an old man"), ("woman", "a woman"), ("80 year old", "an 80 year old")],
)
def test_articles(words: str, said: str) -> None:
    assert with_article(words) == said
