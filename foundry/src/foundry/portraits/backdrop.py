"""What is behind a person: places and studio backdrops, painted from a seed and out of focus."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from foundry.portraits.backdrops import heights, indoors, nature, rooms, town
from foundry.portraits.backdrops.scene import Scene
from foundry.portraits.backdrops.studio import studio
from foundry.portraits.palette import BACKDROP
from foundry.portraits.photo import STUDIO, Photo
from likeness.engine.acting.moment import Moment

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
PLACES = (*PAINTERS, *(STUDIO + colour for colour in BACKDROP))
FAR = 0.3  # of what a moving camera does to the person, as much happens to what is behind
ROOM = 0.86  # of the painted backdrop a moving camera shows at first


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


class Behind:
    """What a camera sees behind a person: the photo's backdrop, or the part of it that each moment
    of a moving camera shows. (size, size, 3) in sRGB 0..255, the top row first."""

    def __init__(self, photo: Photo, moments: Sequence[Moment], size: int) -> None:
        self._size = size
        self._moves = any((moment.closer, moment.aside) != (1.0, 0.0) for moment in moments)
        rng = np.random.default_rng([photo.seed, 0xBACC])
        self._whole = backdrop(photo.background, rng, size * 2 if self._moves else size)
        self.first = self.at(moments[0])

    def at(self, moment: Moment) -> NDArray[np.float32]:
        if not self._moves:
            return self._whole
        side = min(ROOM / (1 + FAR * (moment.closer - 1)), 1.0)
        shift = FAR * moment.aside * side
        left = np.clip((1 - side) / 2 + shift, 0, 1 - side)
        top = (1 - side) / 2
        box = np.array([left, top, left + side, top + side]) * len(self._whole)
        planes = [
            Image.fromarray(self._whole[..., k]).resize(
                (self._size, self._size), Image.Resampling.BILINEAR, box=tuple(box.tolist())
            )
            for k in range(3)
        ]
        return np.stack([np.asarray(plane) for plane in planes], axis=-1)
