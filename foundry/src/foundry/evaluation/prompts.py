"""Prompts whose answers are known: what is asked of base and adapters, and what must be seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from foundry.portraits.caption import EXPRESSION, GARMENT, hair_words, outfit_words, place_words
from foundry.portraits.person import HAIR_STYLES, Person, draw_person
from foundry.portraits.photo import Photo, draw_photo
from foundry.questions import hair_group

# Far from the seeds that datasets are drawn from.
FIRST_SEED = 900_000_000


@dataclass(frozen=True)
class Asked:
    """A prompt, and the right answers about its picture: question → answer."""

    prompt: str
    answers: Mapping[str, str]


def base_prompts(count: int) -> list[Asked]:
    """Prompts for the base alone, which say who is to be seen as well."""
    asked: list[Asked] = []
    for number in range(count):
        person, photo = _drawn(number)
        hair = hair_words(person, HAIR_STYLES[person.hair].words[0])
        who = f"photo of a {person.age} year old {person.ethnicity} {person.gender}, {hair}"
        answers = _photo_answers(photo) | {
            "hair": hair_group(person.hair),
            "gender": person.gender,
        }
        if person.hair != "bald":
            answers["hair colour"] = person.hair_colour
        asked.append(Asked(f"{who}, {_photo_words(photo)}", answers))
    return asked


def adapter_prompts(count: int, start: int = 0) -> list[Asked]:
    """What is asked of a person who has been learned: clothes, place, expression, glasses."""
    photos = [_drawn(start + number)[1] for number in range(count)]
    return [Asked(_photo_words(photo), _photo_answers(photo)) for photo in photos]


def identity_description(person: Person) -> str:
    """What a model's attributes tell the base about a person, as the product words it."""
    return (
        f"a {person.age} year old {person.ethnicity} {person.gender} with {person.eye_colour} eyes"
    )


def _drawn(number: int) -> tuple[Person, Photo]:
    person = draw_person(FIRST_SEED + number)
    glasses = {0: "glasses", 1: "sunglasses"}.get(number % 5)
    photo = draw_photo(number, person, eyewear=glasses, hat=None, earrings=None)
    return person, photo


def _photo_words(photo: Photo) -> str:
    garment = outfit_words(photo, GARMENT[photo.outfit.garment][0])
    parts = [EXPRESSION[photo.expression][0], f"wearing a {garment}"]
    if photo.eyewear:
        parts.append(f"wearing {photo.eyewear}")
    return ", ".join([*parts, place_words(photo, 0)])


def _photo_answers(photo: Photo) -> dict[str, str]:
    return {
        "clothes": photo.outfit.colour,
        "background": photo.background,
        "expression": photo.expression,
        "eyewear": photo.eyewear or "none",
    }
