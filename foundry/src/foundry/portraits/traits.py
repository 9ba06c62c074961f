"""What words cannot say about a person: drawn from their seed, the same in all photos."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from foundry.portraits.draw import between, pick
from foundry.portraits.pack import AssetPack
from foundry.portraits.palette import LIPS, Colour
from foundry.portraits.person import Person

SPREAD = 0.36  # standard deviation of a modifier; at 0.5 faces become caricatures
LIMIT = 0.85
CALM = 0.45  # sizes and positions vary less than shapes do
OPPOSITES = (
    ("decr", "incr"),
    ("down", "up"),
    ("in", "out"),
    ("backward", "forward"),
    ("concave", "convex"),
    ("compress", "uncompress"),
)
# Targets that break the face, or that photos rather than people have.
UNUSED = (
    *("trans-in", "neck-trans", "head-trans", "head-angle", "head-age", "neck-scale-vert"),
    *("ear-shape", "ear-trans", "eye-trans-in", "asym", "mouth-trans-backward", "nose-trans-in"),
    *("nose-trans-backward", "eyebrows-trans-backward", "neck-back", "chin-jaw-drop"),
    *("mouth-laugh", "dimples", "septum", "head-back", "forehead-trans", "chin-prognathism"),
    *("upperlip-ext", "lowerlip-ext", "eye-bag", "neck-double"),
)
HEAD_SHAPES = (
    *("oval", "round", "square", "rectangular", "diamond", "triangular"),
    "invertedtriangular",
)
WOMEN: Mapping[str, tuple[float, float]] = {  # what the macro shapes leave too masculine
    "eyes/l-eye-scale-incr": (0.1, 0.35),
    "chin/chin-width-decr": (0.1, 0.5),
    "neck/neck-scale-horiz-decr": (0.25, 0.6),
    "neck/neck-scale-depth-decr": (0.2, 0.5),
    "mouth/mouth-upperlip-volume-incr": (0, 0.35),
    "mouth/mouth-lowerlip-volume-incr": (0, 0.35),
    "eyebrows/eyebrows-trans-up": (0.1, 0.4),
    "eyebrows/eyebrows-angle-up": (0, 0.4),
    "nose/nose-scale-horiz-decr": (0, 0.4),
    "head/head-oval": (0, 0.3),
}
MEN: Mapping[str, tuple[float, float]] = {
    "chin/chin-width-incr": (0, 0.35),
    "eyebrows/eyebrows-angle-up": (0, 0.3),
    "chin/chin-bones-incr": (0, 0.4),
    "nose/nose-scale-vert-incr": (0, 0.2),
}
IRIS: Mapping[str, tuple[str, ...]] = {
    "brown": ("brown",),
    "light brown": ("brownlight",),
    "blue": ("blue", "deepblue", "lightblue"),
    "green": ("green", "bluegreen"),
    "gray": ("grey", "ice"),
}
BROWS_OF_MEN = (1, 2, 3, 4, 5, 8, 10, 12)
BROWS_OF_WOMEN = (1, 5, 6, 7, 8, 9, 11, 3)
DARK_TONES = ("brown", "dark brown", "very dark")
MOLE_ODDS: Mapping[int, float] = {0: 0.55, 1: 0.3, 2: 0.15}


@dataclass(frozen=True)
class Mole:
    """A dark spot at `place` of the skin texture (0..1), `radius` in the same unit."""

    place: tuple[float, float]
    radius: float


@dataclass(frozen=True)
class Traits:
    """`morphs`: weight of each morph target beyond age, gender and build.

    `skins` are two textures, mixed by `skin_mix` in 0..1; the jitters multiply linear colours.
    """

    morphs: Mapping[str, float]
    moles: tuple[Mole, ...]
    skins: tuple[str, str]
    skin_mix: float
    skin_jitter: tuple[float, float, float]
    hair_jitter: tuple[float, float, float]
    iris: str
    brow: str
    brow_strength: float
    lashes: str
    lip_colour: Colour
    noise: float  # 0..40: where in the noise this person's freckles and strands lie


def draw_traits(pack: AssetPack, person: Person) -> Traits:
    """The traits of `person`; the same for the same seed, pack and record."""
    shape, surface = (np.random.default_rng([person.seed, stream]) for stream in (0xB0E5, 0x5C14))
    woman = person.gender == "woman"
    skins, mix = _draw_skins(surface, person)
    lashes = int(surface.integers(1, 5))
    return Traits(
        morphs=_draw_morphs(shape, pack, person),
        moles=_draw_moles(surface, pack),
        skins=skins,
        skin_mix=mix,
        skin_jitter=_jitter(surface, 0.025),
        hair_jitter=_jitter(surface, 0.035),
        iris=f"eye_{pick(surface, IRIS[person.eye_colour])}",
        brow=f"eyebrow{pick(surface, BROWS_OF_WOMEN if woman else BROWS_OF_MEN):03d}",
        brow_strength=between(surface, 0.7, 1.0),
        lashes=f"eyelashes{lashes if woman else 1:02d}",
        lip_colour=pick(surface, LIPS),
        noise=between(surface, 0, 40),
    )


def _draw_morphs(rng: Generator, pack: AssetPack, person: Person) -> dict[str, float]:
    morphs: dict[str, float] = {}

    def add(name: str, weight: float) -> None:
        morphs[name] = morphs.get(name, 0.0) + weight

    for low, high in _modifiers(pack):
        value = float(np.clip(rng.normal(0, SPREAD), -LIMIT, LIMIT)) * _calmed(low)
        name = high if value > 0 else low
        add(name, abs(value))
        if "/l-" in name:
            add(name.replace("/l-", "/r-"), abs(value))
    first, second = rng.choice(len(HEAD_SHAPES), 2, replace=False)
    add(f"head/head-{HEAD_SHAPES[first]}", 0.6 * between(rng, 0.15, 0.7))
    add(f"head/head-{HEAD_SHAPES[second]}", 0.6 * between(rng, 0.0, 0.3))
    uneven = [name for name in pack.targets if name.startswith("asym/")]
    for name in rng.choice(uneven, 8, replace=False):
        add(str(name), between(rng, 0, 0.45))
    for name, (low, high) in (WOMEN if person.gender == "woman" else MEN).items():
        weight = between(rng, low, high)
        add(name, weight)
        if "/l-" in name:
            add(name.replace("/l-", "/r-"), weight)
    return morphs


def _modifiers(pack: AssetPack) -> list[tuple[str, str]]:
    """Pairs of opposite targets; of those for both sides, the left one."""
    pairs: list[tuple[str, str]] = []
    for name in pack.targets:
        category, base = name.split("/", 1)
        if category in ("macro", "expr") or base.startswith("r-"):
            continue
        if any(part in base for part in UNUSED):
            continue
        for low, high in OPPOSITES:
            opposite = name.removesuffix(low) + high
            if name.endswith(f"-{low}") and opposite in pack.targets:
                pairs.append((name, opposite))
    return pairs


def _calmed(name: str) -> float:
    if name.startswith(("head/", "neck/")) or any(w in name for w in ("scale", "trans", "fat")):
        return CALM
    return 0.6 if name.startswith("eyebrows/") else 1.0


def _draw_moles(rng: Generator, pack: AssetPack) -> tuple[Mole, ...]:
    """On cheeks, jaw and neck, off the lips."""
    points = pack.vertices[pack.body.vertex]
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    face = (x < 0.7) & ((x > 0.34) | (y < 6.5)) & (y > 6.3) & (y < 7.0) & (z > 0.8)
    places = pack.body.uv[np.nonzero(face)[0]]
    moles = []
    for _ in range(pick(rng, MOLE_ODDS)):
        u, v = places[int(rng.integers(len(places)))].tolist()
        moles.append(Mole((u, v), between(rng, 0.0022, 0.0042)))
    return tuple(moles)


def _draw_skins(rng: Generator, person: Person) -> tuple[tuple[str, str], float]:
    age, mix = person.age, between(rng, 0, 1)
    man = person.gender == "man"
    if person.ethnicity == "black" and person.tone in DARK_TONES:
        if man:
            first = f"{'young' if age < 38 else 'middleage'}_darkskinned_male"
            second = f"{'middleage' if age < 55 else 'old'}_darkskinned_male"
        else:
            first = "middleage_darkskinned_female"
            second = f"{'middleage' if age < 50 else 'old'}_darkskinned_female"
        return (f"skin_{first}", f"skin_{second}"), mix
    if man:
        names = (
            tuple(f"young_lightskinned_male{n}" for n in ("", "2", "3"))
            if age < 40
            else tuple(f"middleage_lightskinned_male{n}" for n in ("", "2"))
        )
    else:
        names = (
            tuple(f"young_lightskinned_female{n}" for n in ("2", "3"))
            if age < 42
            else ("middleage_lightskinned_female2",)
        )
    first, second = pick(rng, names), pick(rng, names)
    if age >= 55:
        second = "old_lightskinned_male2"
        mix = float(np.clip((age - 50) / 28, 0.1, 0.85 if man else 0.6))
    return (f"skin_{first}", f"skin_{second}"), mix


def _jitter(rng: Generator, spread: float) -> tuple[float, float, float]:
    red, green, blue = (1 + rng.normal(0, spread, 3)).tolist()
    return red, green, blue
