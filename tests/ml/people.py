"""The four invented people of `examples/people`, as training and tests take them."""

import json
from dataclasses import dataclass
from pathlib import Path

from likeness.bases import Identity, find_base
from likeness.engine.training import train

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


def learn(person: Person, folder: Path, threads: int) -> Path:
    """The person's adapter on mini, in a folder of its own in `folder`; trained by mini's own
    recipe if it is not there (a minute and a half on two cores)."""
    file = folder / person.name / "adapter.safetensors"
    if file.exists():
        return file
    return train(
        find_base("mini"),
        person.photos,
        person.identity,
        device="cpu",
        threads=threads,
        folder=file.parent,
        resume=None,
        on_progress=lambda *_: None,
        on_checkpoint=lambda *_: None,
    ).path


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
