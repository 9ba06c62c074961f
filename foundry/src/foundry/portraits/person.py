"""A person: what stays the same in all photos of them."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.random import Generator
from pydantic import BaseModel, ConfigDict, Field

from foundry.portraits.draw import between, pick

Gender = Literal["woman", "man"]
Beard = Literal["none", "stubble", "short beard", "full beard", "goatee"]
GlassesShape = Literal["round", "rectangular", "square"]
GlassesColour = Literal["black", "brown", "silver", "gold"]


class Ancestry(BaseModel):
    """Shares of the three shapes of head that the mesh knows; they add up to 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    caucasian: float
    african: float
    asian: float


class Person(BaseModel):
    """One person. `seed` decides what words cannot say: bones, asymmetries, moles, brows.

    `age` in years; `muscle`, `weight`, `freckles`, `blush`, `lipstick` in 0..1; `masculinity` is
    the share of the male shape; `glasses` are those the person owns, not always wears.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int
    gender: Gender
    ethnicity: str
    ancestry: Ancestry
    age: int = Field(ge=18, le=90)
    masculinity: float
    muscle: float
    weight: float
    tone: str
    hair: str
    hair_colour: str
    eye_colour: str
    beard: Beard
    freckles: float
    blush: float
    lipstick: float
    glasses: GlassesShape | None
    glasses_colour: GlassesColour


class Ethnicity(BaseModel):
    """`odds` of being drawn, the shares of ancestry, and the skin tones found there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    odds: float
    caucasian: float = 0.0
    african: float = 0.0
    asian: float = 0.0
    tones: tuple[str, ...]


ETHNICITIES: Mapping[str, Ethnicity] = {
    "white": Ethnicity(odds=0.30, caucasian=1, tones=("fair", "light", "light", "medium")),
    "black": Ethnicity(odds=0.18, african=1, tones=("brown", "dark brown", "very dark")),
    "east asian": Ethnicity(odds=0.16, asian=1, tones=("light", "light", "medium", "fair")),
    "south asian": Ethnicity(
        odds=0.13, caucasian=0.65, african=0.25, asian=0.10, tones=("olive", "tan", "brown")
    ),
    "hispanic": Ethnicity(
        odds=0.13, caucasian=0.62, asian=0.33, african=0.05, tones=("medium", "olive", "tan")
    ),
    "middle eastern": Ethnicity(
        odds=0.10, caucasian=0.88, african=0.12, tones=("light", "medium", "olive")
    ),
}

HAIR_COLOURS: Mapping[str, Mapping[str, float]] = {
    "white": {
        "black": 0.1,
        "dark brown": 0.2,
        "brown": 0.2,
        "light brown": 0.14,
        "blonde": 0.17,
        "platinum blonde": 0.05,
        "auburn": 0.07,
        "red": 0.07,
    },
    "hispanic": {"black": 0.42, "dark brown": 0.36, "brown": 0.15, "light brown": 0.07},
    "middle eastern": {"black": 0.42, "dark brown": 0.36, "brown": 0.15, "light brown": 0.07},
    "black": {"black": 0.72, "dark brown": 0.24, "brown": 0.04},
    "east asian": {"black": 0.72, "dark brown": 0.24, "brown": 0.04},
    "south asian": {"black": 0.72, "dark brown": 0.24, "brown": 0.04},
}
EYE_COLOURS: Mapping[str, Mapping[str, float]] = {
    "white": {"brown": 0.3, "light brown": 0.12, "blue": 0.3, "green": 0.16, "gray": 0.12},
    "hispanic": {"brown": 0.8, "light brown": 0.14, "green": 0.06},
    "middle eastern": {"brown": 0.8, "light brown": 0.14, "green": 0.06},
    "black": {"brown": 0.92, "light brown": 0.08},
    "east asian": {"brown": 0.92, "light brown": 0.08},
    "south asian": {"brown": 0.92, "light brown": 0.08},
}
BEARDS: Mapping[Beard, float] = {
    "none": 0.52,
    "stubble": 0.2,
    "short beard": 0.12,
    "full beard": 0.08,
    "goatee": 0.08,
}


class HairStyle(BaseModel):
    """A style of hair: its `words` in captions, how often `men` and `women` wear it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: tuple[str, ...]
    men: float = 0.0
    women: float = 0.0
    black: float = 0.7  # how much more often black people wear it
    others: float = 1.0


HAIR_STYLES: Mapping[str, HairStyle] = {
    "short textured": HairStyle(words=("short textured",), men=1.2),
    "short": HairStyle(words=("short",), men=1, women=0.35),
    "side-swept": HairStyle(words=("side-swept", "side-parted"), men=0.4, women=0.35, black=0.25),
    "slicked-back": HairStyle(words=("slicked-back", "combed-back"), men=1, women=0.35, black=0.25),
    "bob": HairStyle(words=("bob-cut", "chin-length"), women=1.2, black=0.3),
    "long straight": HairStyle(words=("long straight", "long"), women=1.2, black=0.25),
    "long wavy": HairStyle(words=("long wavy", "long"), women=1.2),
    "long with bangs": HairStyle(words=("long",), women=0.8),
    "shoulder-length": HairStyle(words=("shoulder-length",), women=1, black=0.25),
    "shoulder-length wavy": HairStyle(words=("shoulder-length wavy", "wavy"), women=1),
    "shoulder-length with bangs": HairStyle(words=("shoulder-length",), women=0.8),
    "bun": HairStyle(words=("bun",), women=1),
    "top knot": HairStyle(words=("top knot",), men=0.25, women=0.6),
    "ponytail": HairStyle(words=("ponytail",), women=1),
    "braid": HairStyle(words=("braided",), women=0.8),
    "buzz cut": HairStyle(words=("buzz-cut", "shaved"), men=0.8, black=3, others=0.5),
    "very short": HairStyle(words=("very short", "cropped"), men=1, black=3),
    "afro": HairStyle(words=("afro",), men=1, women=1.2, black=3, others=0.12),
    "short afro": HairStyle(words=("short afro",), men=1, women=1, black=3, others=0.12),
    "curly": HairStyle(words=("short curly", "curly"), men=1, women=0.7, black=2, others=0.8),
    "bald": HairStyle(words=("bald",), men=0.7, others=0.6),
    "balding": HairStyle(words=("balding", "receding"), men=0.5, others=0.6),
}


def draw_person(seed: int, **fixed: object) -> Person:
    """The person of `seed`. `fixed` overrules single fields, after all are drawn.

    Same seed, same person: the odds above are part of the dataset.
    """
    rng = np.random.default_rng([seed, 0x9E09])
    gender: Gender = pick(rng, ("woman", "man"))
    ethnicity = pick(rng, {name: kind.odds for name, kind in ETHNICITIES.items()})
    kind = ETHNICITIES[ethnicity]
    age = _draw_age(rng)
    tone = pick(rng, kind.tones)
    hair_colour = _draw_hair_colour(rng, ethnicity, age)
    hair = _draw_hair(rng, gender, ethnicity, age)
    man = gender == "man"
    freckled = (tone == "fair" and rng.random() < 0.35) or (
        hair_colour in ("red", "auburn") and rng.random() < 0.6
    )
    owns_glasses = rng.random() < 0.20 + 0.003 * max(0, age - 30)
    drawn = Person(
        seed=seed,
        gender=gender,
        ethnicity=ethnicity,
        ancestry=_draw_ancestry(rng, kind),
        age=age,
        masculinity=between(rng, 0.85, 1.0) if man else between(rng, 0.0, 0.06),
        muscle=float(np.clip(rng.normal(0.58 if man else 0.40, 0.13), 0.1, 0.9)),
        weight=float(np.clip(rng.normal(0.5, 0.19) + max(0, age - 35) * 0.002, 0.1, 0.98)),
        tone=tone,
        hair=hair,
        hair_colour=hair_colour,
        eye_colour=pick(rng, EYE_COLOURS[ethnicity]),
        beard=pick(rng, BEARDS) if man else "none",
        freckles=between(rng, 0.4, 0.9) if freckled else 0.0,
        blush=between(rng, 0.1, 0.6),
        lipstick=between(rng, 0.25, 0.75) if not man and rng.random() < 0.55 else 0.0,
        glasses=pick(rng, ("round", "rectangular", "square")) if owns_glasses else None,
        glasses_colour=pick(rng, ("black", "brown", "silver", "gold")),
    )
    return Person.model_validate(drawn.model_dump() | fixed)


def _draw_age(rng: Generator) -> int:
    low, high = pick(rng, {(18, 35): 0.5, (30, 55): 0.32, (50, 82): 0.18})
    return round(between(rng, low, high))


def _draw_ancestry(rng: Generator, kind: Ethnicity) -> Ancestry:
    mixed = 0.9 * np.array([kind.caucasian, kind.african, kind.asian])
    caucasian, african, asian = (mixed + 0.1 * rng.dirichlet([1, 1, 1])).tolist()
    return Ancestry(caucasian=caucasian, african=african, asian=asian)


def _draw_hair_colour(rng: Generator, ethnicity: str, age: int) -> str:
    natural = pick(rng, HAIR_COLOURS[ethnicity])
    if age >= 58:
        return pick(rng, {"gray": 0.45, "white": 0.3, natural: 0.25})
    return "gray" if age >= 45 and rng.random() < 0.3 else natural


def _draw_hair(rng: Generator, gender: Gender, ethnicity: str, age: int) -> str:
    odds: dict[str, float] = {}
    for name, style in HAIR_STYLES.items():
        worn = style.men if gender == "man" else style.women
        worn *= style.black if ethnicity == "black" else style.others
        if name in ("bald", "balding") and age < 40:
            worn *= 0.4
        if worn > 0:
            odds[name] = worn
    return pick(rng, odds)
