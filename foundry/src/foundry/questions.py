"""What can be asked about a rendered picture, and the answers in its records."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from foundry.dataset import Entry
from foundry.portraits.palette import BACKDROP, CLOTH, HAIR
from foundry.portraits.photo import EXPRESSIONS, PLACES, STUDIO

HAIR_GROUPS: Mapping[str, tuple[str, ...]] = {
    "bald": ("bald", "balding"),
    "short": (
        *("short textured", "short", "side-swept", "slicked-back", "buzz cut"),
        "very short",
    ),
    "curly": ("afro", "short afro", "curly"),
    "long": (
        *("bob", "long straight", "long wavy", "long with bangs", "shoulder-length"),
        *("shoulder-length wavy", "shoulder-length with bangs"),
    ),
    "tied": ("bun", "top knot", "ponytail", "braid"),
}
"""The styles of hair that a viewer of 128 px can be expected to tell apart."""

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "clothes": tuple(CLOTH),
    "background": (*PLACES, *(STUDIO + colour for colour in BACKDROP)),
    "expression": tuple(EXPRESSIONS),
    "eyewear": ("none", "glasses", "sunglasses"),
    "hair colour": tuple(HAIR),
    "hair": tuple(HAIR_GROUPS),
    "hat": ("no", "yes"),
    "gender": ("woman", "man"),
}
UNSEEN = -1
COVERING = ("beanie", "cap", "sun hat")


def hair_group(style: str) -> str:
    """The group of one of person.HAIR_STYLES."""
    return next(group for group, styles in HAIR_GROUPS.items() if style in styles)


def answers(entry: Entry) -> dict[str, int]:
    """The right answer to each question, as a place in QUESTIONS; UNSEEN if none can be given."""
    person, photo = entry.person, entry.photo
    covered = photo.hat is not None and photo.hat.kind in COVERING
    bald = person.hair == "bald"
    said: dict[str, str | None] = {
        "clothes": photo.outfit.colour,
        "background": photo.background,
        "expression": photo.expression,
        "eyewear": photo.eyewear or "none",
        "hair colour": None if covered or bald else person.hair_colour,
        "hair": None if covered else hair_group(person.hair),
        "hat": "yes" if photo.hat else "no",
        "gender": person.gender,
    }
    return {name: place(name, answer) for name, answer in said.items()}


def answer_table(entries: Sequence[Entry]) -> NDArray[np.int64]:
    """(entries, questions): the right answers, in the order of QUESTIONS."""
    known = [answers(entry) for entry in entries]
    return np.array([[each[name] for name in QUESTIONS] for each in known], np.int64)


def place(question: str, answer: str | None) -> int:
    return UNSEEN if answer is None else QUESTIONS[question].index(answer)


def people_numbers(entries: Sequence[Entry]) -> list[int]:
    """For each entry the number of its person, counted from 0 without gaps."""
    order = {number: n for n, number in enumerate(sorted({e.number for e in entries}))}
    return [order[entry.number] for entry in entries]
