"""The four invented people of `examples/people`, as training and tests take them."""

import json
from dataclasses import dataclass
from pathlib import Path

from likeness.bases import Identity

PEOPLE = Path(__file__).parents[2] / "examples" / "people"
NOUNS = {"Female": "woman", "Male": "man"}


@dataclass(frozen=True)
class Person:
    """One person: photos to train on, photos that training never sees, and how they are named."""

    name: str
    photos: tuple[Path, ...]
    held_out: tuple[Path, ...]
    identity: Identity


def people() -> list[Person]:
    """All of them, by name."""
    return [_person(file.parent) for file in sorted(PEOPLE.glob("*/person.json"))]


def _person(folder: Path) -> Person:
    told = json.loads((folder / "person.json").read_text("utf-8"))
    noun = NOUNS[told["gender"]]
    description = f"a {told['age']} year old {told['ethnicity']} {noun}"
    return Person(
        name=folder.name,
        photos=tuple(sorted((folder / "train").glob("*.jpg"))),
        held_out=tuple(sorted((folder / "held-out").glob("*.jpg"))),
        identity=Identity("ohwx", f"{description} with {told['eyeColor']} eyes"),
    )
