"""From a person to the mesh of their head and torso at rest."""

from collections.abc import Mapping

import numpy as np

from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.person import Person
from foundry.portraits.traits import Traits

BAGS_FROM, BAGS_FULL = 45, 75  # years in which bags under the eyes grow


def rest_shape(pack: AssetPack, person: Person, traits: Traits) -> Floats:
    """The person's vertices (N, 3) with a neutral face, looking straight ahead, arms spread."""
    weights = {**macro_weights(person), **traits.morphs}
    if person.age > BAGS_FROM:
        bags = min(1.0, (person.age - BAGS_FROM) / (BAGS_FULL - BAGS_FROM))
        weights |= {"eyes/l-eye-bag-incr": bags, "eyes/r-eye-bag-incr": bags}
        weights["neck/neck-double-incr"] = max(0.0, person.weight - 0.5) * 0.8
    return morphed(pack, weights)


def morphed(pack: AssetPack, weights: Mapping[str, float]) -> Floats:
    """The mesh (N, 3) with morph targets at weights; those that the pack lacks do nothing."""
    points = pack.vertices.copy()
    for name, weight in weights.items():
        if abs(weight) > 1e-3 and name in pack.targets:
            target = pack.targets[name]
            points[target.vertices] += target.delta * np.float32(weight)
    return points


def macro_weights(person: Person) -> dict[str, float]:
    """Weights of the targets for age, gender, ancestry, muscle and weight together."""
    age = float(np.clip((person.age - 25) / 60, 0, 1))
    ages = {"young": 1 - age, "old": age}
    genders = {"female": 1 - person.masculinity, "male": person.masculinity}
    muscles = _thirds(person.muscle, "muscle")
    builds = _thirds(person.weight, "weight")
    weights: dict[str, float] = {}
    for gender, a in genders.items():
        for years, b in ages.items():
            for ancestry, c in person.ancestry.model_dump().items():
                weights[f"macro/{ancestry}-{gender}-{years}"] = a * b * c
            for muscle, c in muscles.items():
                for build, d in builds.items():
                    name = f"macro/universal-{gender}-{years}-{muscle}-{build}"
                    weights[name] = a * b * c * d
    return weights


def _thirds(value: float, of: str) -> dict[str, float]:
    return {
        f"min{of}": max(0.0, 1 - 2 * value),
        f"average{of}": 1 - abs(2 * value - 1),
        f"max{of}": max(0.0, 2 * value - 1),
    }
