"""A photographer's backdrop: one colour, lit from somewhere."""

import numpy as np

from foundry.portraits.backdrops.noise import clouded
from foundry.portraits.backdrops.scene import Scene
from foundry.portraits.draw import between
from foundry.portraits.palette import Colour


def studio(scene: Scene, colour: Colour) -> None:
    """Paper or mottled cloth with a soft pool of light, its average near the named colour."""
    rng = scene.rng
    x, y = between(rng, 0.25, 0.75), between(rng, 0.2, 0.65)
    distance = np.sqrt((scene.x - x) ** 2 + (scene.y - y) ** 2)
    light = np.exp(-((distance / between(rng, 0.55, 1.1)) ** 2))
    light += between(rng, -0.15, 0.15) * (scene.x - 0.5)
    light = 1 + between(rng, 0.2, 0.75) * (light - light.mean())
    mottle = between(rng, 0.0, 0.035) * clouded(rng, 3)
    scene.pixels[:] = np.array(colour, np.float32) * (light + mottle)[..., None]
    scene.blur = 0.02
