"""What is behind a person: places and studio backdrops, painted from a seed and out of focus."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from foundry.portraits.backdrops import heights, indoors, nature, rooms, town
from foundry.portraits.backdrops.scene import Scene
from foundry.portraits.backdrops.studio import studio
from foundry.portraits.palette import BACKDROP
from foundry.portraits.photo import STUDIO

PAINTERS: Mapping[str, Callable[[Scene], None]] = {
    "beach": nature.beach,
    "park": nature.park,
    "autumn forest": nature.autumn_forest,
    "snowy mountains": heights.snowy_mountains,
    "sunset": heights.sunset,
    "city at night": town.city_at_night,
    "city street": town.city_street,
    "flower garden": nature.flower_garden,
    "office": indoors.office,
    "library": indoors.library,
    "cafe": indoors.cafe,
    "living room": rooms.living_room,
    "brick wall": town.brick_wall,
    "wooden wall": town.wooden_wall,
    "desert": nature.desert,
    "kitchen": rooms.kitchen,
    "gym": indoors.gym,
    "stage": indoors.stage,
    "blue sky": heights.blue_sky,
    "sea of fog": heights.sea_of_fog,
}


class UnknownBackdrop(KeyError):
    """No place and no studio colour has this name."""

    def __str__(self) -> str:
        return f"no backdrop is called {self.args[0]!r}"


def backdrop(name: str, rng: Generator, size: int) -> NDArray[np.float32]:
    """The backdrop of that name, (size, size, 3) in sRGB 0..255, the top row first.

    The name and the state of `rng` decide the scene; `size` only how finely it is sampled.
    """
    scene = Scene(rng)
    if name in PAINTERS:
        PAINTERS[name](scene)
        return scene.picture(size)
    colour = BACKDROP.get(name.removeprefix(STUDIO)) if name.startswith(STUDIO) else None
    if colour is None:
        raise UnknownBackdrop(name)
    studio(scene, colour)
    return scene.picture(size, vary=0.04)
