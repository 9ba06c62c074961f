"""Skin: the body's own surface, its colour, and what is drawn on it."""

import numpy as np

from foundry.portraits.drawing import Part
from foundry.portraits.figure import Figure
from foundry.portraits.gpu import Mesh
from foundry.portraits.hair import STUBBLE, STYLES
from foundry.portraits.lights import linear
from foundry.portraits.traits import Mole

NO_MOLE = (0.0, 0.0, 0.0)
SHAVEN = 0.10  # how dark a clean-shaven man's beard leaves the skin
DARK = 0.12  # linear colour below which skin looks glossier


def skin_part(figure: Figure, mesh: Mesh) -> Part:
    """The skin of `figure`, drawn on `mesh`, its body or the uncovered part of it."""
    stubble = STUBBLE.get(figure.person.beard, SHAVEN if figure.person.gender == "man" else 0.0)
    person, traits = figure.person, figure.traits
    first, second = traits.skins
    painted = figure.anatomy.skin_mean(first) * (1 - traits.skin_mix)
    painted = painted + figure.anatomy.skin_mean(second) * traits.skin_mix
    moles = [_mole(mole) for mole in traits.moles] + [NO_MOLE, NO_MOLE]
    return Part(
        "skin",
        mesh,
        {
            "skin_mix": traits.skin_mix,
            "tint": figure.skin_colour / painted,
            "hair_colour": figure.hair_colour,
            "scalp": STYLES[person.hair].scalp,
            "stubble": stubble,
            "goatee": int(person.beard == "goatee"),
            "lip_colour": linear(traits.lip_colour),
            "lipstick": person.lipstick * 0.75,
            "blush": person.blush * 0.6,
            "freckles": person.freckles,
            "wrinkles": float(np.clip((person.age - 30) / 40, 0, 1)),
            "oil": 0.6 if figure.skin_colour.mean() < DARK else 0.25,
            "seed": traits.noise,
            "mole_1": moles[0],
            "mole_2": moles[1],
        },
        {
            "first_skin": figure.gpu.texture(first).image,
            "second_skin": figure.gpu.texture(second).image,
            "scalp_map": figure.gpu.texture("scalp").image,
        },
    )


def _mole(mole: Mole) -> tuple[float, float, float]:
    return (*mole.place, mole.radius)
