"""A photo: what changes from one picture of a person to the next."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.random import Generator
from pydantic import BaseModel, ConfigDict

from foundry.portraits.draw import between, pick
from foundry.portraits.palette import BACKDROP, CLOTH
from foundry.portraits.person import Person

Frame = Literal["close-up", "portrait", "upper body"]
Pattern = Literal["plain", "striped", "pinstriped", "plaid", "polka-dot"]
Eyewear = Literal["glasses", "sunglasses"]
HatKind = Literal["beanie", "cap", "sun hat", "headband"]
Earrings = Literal["gold", "silver", "pearl"]

STUDIO = "studio:"


class Outfit(BaseModel):
    """What is worn: a garment, its colour, and the second colour of its pattern."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    garment: str
    colour: str
    pattern: Pattern = "plain"
    second_colour: str


class Hat(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: HatKind
    colour: str


class Photo(BaseModel):
    """One photo of somebody. `seed` decides what words cannot say: the place's details, the light.

    Angles in degrees: `yaw` −90..90 is the head seen from the camera (positive: towards the
    viewer's right), `torso` that of the shoulders, `gaze` that of the eyes within the head,
    `elevation` and `field_of_view` those of the camera. `strength` scales the expression
    (1 = as named), `offset` moves the head sideways (1 = one head width).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int
    frame: Frame
    yaw: float
    pitch: float
    roll: float
    torso: float
    gaze: float
    expression: str
    strength: float
    background: str
    light: str
    outfit: Outfit
    eyewear: Eyewear | None
    hat: Hat | None
    earrings: Earrings | None
    elevation: float
    offset: float
    field_of_view: float


EXPRESSIONS: Mapping[str, float] = {
    "neutral": 0.20,
    "smile": 0.22,
    "big smile": 0.14,
    "laughing": 0.07,
    "surprised": 0.07,
    "sad": 0.07,
    "angry": 0.07,
    "serious": 0.07,
    "eyes closed": 0.05,
    "pout": 0.04,
}
GARMENTS: Mapping[str, tuple[float, float]] = {  # odds for men, for women
    "t-shirt": (1.6, 1.4),
    "sweater": (1.2, 1.2),
    "v-neck": (0.9, 0.9),
    "turtleneck": (0.8, 0.8),
    "tank top": (0.25, 0.6),
    "hoodie": (0.9, 0.7),
    "shirt": (1.2, 0.5),
    "jacket": (0.7, 0.5),
    "suit": (0.8, 0.0),
    "work shirt": (0.4, 0.0),
    "blouse": (0.0, 0.9),
    "dress": (0.0, 0.6),
    "sports top": (0.0, 0.4),
}
PATTERNS: Mapping[Pattern, float] = {
    "plain": 0.72,
    "striped": 0.11,
    "plaid": 0.07,
    "polka-dot": 0.05,
    "pinstriped": 0.05,
}
NO_PATTERN = ("tank top", "suit", "dress", "sports top")

LIGHTS_INDOORS = {
    "soft studio light": 0.3,
    "window light from the left": 0.16,
    "window light from the right": 0.16,
    "dramatic side light": 0.12,
    "flat front light": 0.16,
    "warm indoor light": 0.06,
    "neon light": 0.04,
}
PLACES: Mapping[str, Mapping[str, float]] = {  # each with the light that it is seen in
    "beach": {"bright sunlight": 1, "golden hour light": 1, "overcast daylight": 1},
    "park": {"bright sunlight": 1, "overcast daylight": 1, "golden hour light": 1},
    "autumn forest": {"golden hour light": 1, "overcast daylight": 1},
    "snowy mountains": {"bright sunlight": 1, "overcast daylight": 1},
    "sunset": {"golden hour light": 1},
    "city at night": {"neon light": 1, "dramatic side light": 1, "warm indoor light": 1},
    "city street": {"overcast daylight": 1, "bright sunlight": 1},
    "flower garden": {"bright sunlight": 1, "overcast daylight": 1},
    "office": {
        "soft studio light": 1,
        "window light from the left": 1,
        "window light from the right": 1,
    },
    "library": {
        "warm indoor light": 1,
        "window light from the left": 1,
        "soft studio light": 1,
    },
    "cafe": {"warm indoor light": 1, "window light from the right": 1},
    "living room": {"warm indoor light": 1, "window light from the left": 1},
    "brick wall": {"overcast daylight": 1, "bright sunlight": 1, "dramatic side light": 1},
    "wooden wall": {"warm indoor light": 1, "soft studio light": 1},
    "desert": {"bright sunlight": 1, "golden hour light": 1},
    "kitchen": {"soft studio light": 1, "window light from the left": 1},
    "gym": {"soft studio light": 1, "flat front light": 1},
    "stage": {"dramatic side light": 1, "neon light": 1},
    "blue sky": {"bright sunlight": 1, "golden hour light": 1},
    "sea of fog": {"overcast daylight": 1},
}
IN_A_PLACE = 0.6


def draw_photo(seed: int, person: Person, **fixed: object) -> Photo:
    """The photo of `seed` of that person. `fixed` overrules single fields before their dependents.

    A fixed background decides which light may be drawn, and so on; same seed and person, same
    photo: the odds above are part of the dataset.
    """
    rng = np.random.default_rng([seed, person.seed, 0x9407])
    background = str(fixed.get("background") or _draw_background(rng))
    yaw = _draw_yaw(rng)
    yaw = float(fixed.get("yaw", yaw))  # type: ignore[arg-type]  # a number by the record's type
    light = pick(rng, PLACES.get(background, LIGHTS_INDOORS))
    eyewear = _draw_eyewear(rng, person)
    drawn = Photo(
        seed=seed,
        frame=pick(rng, {"close-up": 0.34, "portrait": 0.5, "upper body": 0.16}),
        yaw=yaw,
        pitch=float(rng.normal(1, 5)),
        roll=float(rng.normal(0, 3.5)),
        torso=yaw * between(rng, 0.25, 0.7) + float(rng.normal(0, 5)),
        gaze=_draw_gaze(rng, yaw),
        expression=pick(rng, EXPRESSIONS),
        strength=between(rng, 0.85, 1.05),
        background=background,
        light=light,
        outfit=draw_outfit(rng, person),
        eyewear=eyewear,
        hat=_draw_hat(rng, person),
        earrings=(
            pick(rng, ("gold", "silver", "pearl"))
            if person.gender == "woman" and rng.random() < 0.22
            else None
        ),
        elevation=float(rng.normal(0, 4)),
        offset=float(rng.normal(0, 0.16)),
        field_of_view=between(rng, 18, 30),
    )
    return Photo.model_validate(drawn.model_dump() | fixed)


def draw_outfit(rng: Generator, person: Person) -> Outfit:
    man = person.gender == "man"
    odds = {name: men if man else women for name, (men, women) in GARMENTS.items()}
    garment = pick(rng, {name: weight for name, weight in odds.items() if weight > 0})
    colour = pick(rng, tuple(CLOTH))
    pattern = pick(rng, PATTERNS)
    second = pick(rng, tuple(name for name in CLOTH if name != colour))
    return Outfit(
        garment=garment,
        colour=colour,
        pattern="plain" if garment in NO_PATTERN else pattern,
        second_colour=second,
    )


def _draw_background(rng: Generator) -> str:
    if rng.random() < IN_A_PLACE:
        return pick(rng, tuple(PLACES))
    return STUDIO + pick(rng, tuple(BACKDROP))


def _draw_yaw(rng: Generator) -> float:
    """Half of all people look into the camera; the others turn, up to their profile."""
    kind = pick(rng, {"front": 0.5, "turned": 0.42, "profile": 0.08})
    if kind == "front":
        return float(np.clip(rng.normal(0, 8), -25, 25))
    if kind == "turned":
        return between(rng, -55, 55)
    return between(rng, 55, 90) * pick(rng, (-1, 1))


def _draw_gaze(rng: Generator, yaw: float) -> float:
    into_camera = float(np.clip(-yaw * 0.75, -28, 28))
    return into_camera if rng.random() < 0.8 else between(rng, -20, 20)


def _draw_eyewear(rng: Generator, person: Person) -> Eyewear | None:
    chance = rng.random()
    if chance < 0.05:
        return "sunglasses"
    return "glasses" if person.glasses and chance < 0.88 else None


def _draw_hat(rng: Generator, person: Person) -> Hat | None:
    """Rare enough that training photos mostly show the hair."""
    if rng.random() > 0.08 or person.hair in ("afro", "top knot"):
        return None
    women_too = {"beanie": 0.35, "cap": 0.35, "sun hat": 0.2, "headband": 0.1}
    men: dict[str, float] = {"beanie": 0.45, "cap": 0.55}
    kind = pick(rng, men if person.gender == "man" else women_too)
    return Hat.model_validate({"kind": kind, "colour": pick(rng, tuple(CLOTH))})
