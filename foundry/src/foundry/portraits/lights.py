"""Lights: named presets, and the one drawn for a photo."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.draw import between
from foundry.portraits.pack import Floats
from foundry.portraits.palette import Colour
from foundry.portraits.photo import Photo

Vector = tuple[float, float, float]
GAMMA = 2.2


@dataclass(frozen=True)
class Preset:
    """Ranges of the key light's angles (degrees) and strength, its colour, and what surrounds it.

    `softness` is the radius of its shadows' edges as a share of the shadow map. `sided` lights
    come from far to one side.
    """

    azimuth: tuple[float, float]
    elevation: tuple[float, float]
    strength: tuple[float, float]
    colour: Colour
    fill: float
    rim: float
    ambient: float
    softness: float
    fill_colour: Colour | None = None
    ambient_colour: Colour = (245, 245, 250)
    sided: bool = False


PRESETS: Mapping[str, Preset] = {
    "soft studio light": Preset(
        (-40, 40), (25, 45), (1.05, 1.35), (255, 244, 234), 0.45, 0.3, 0.42, 0.020
    ),
    "window light from the left": Preset(
        (-85, -60), (10, 25), (1.5, 1.9), (250, 250, 255), 0.12, 0.1, 0.34, 0.018
    ),
    "window light from the right": Preset(
        (60, 85), (10, 25), (1.5, 1.9), (250, 250, 255), 0.12, 0.1, 0.34, 0.018
    ),
    "dramatic side light": Preset(
        *((-75, 75), (20, 45), (1.8, 2.3), (255, 238, 220), 0.05, 0.7, 0.16, 0.008), sided=True
    ),
    "golden hour light": Preset(
        *((-75, 75), (8, 22), (1.6, 2.0), (255, 196, 128), 0.25, 1.0, 0.45, 0.010),
        ambient_colour=(190, 200, 235),
        sided=True,
    ),
    "overcast daylight": Preset(
        (-60, 60), (55, 75), (0.75, 1.0), (240, 246, 255), 0.3, 0.2, 0.60, 0.03
    ),
    "bright sunlight": Preset(
        *((-65, 65), (35, 60), (1.9, 2.3), (255, 246, 228), 0.25, 0.5, 0.5, 0.004),
        ambient_colour=(205, 222, 255),
    ),
    "warm indoor light": Preset(
        *((-50, 50), (35, 60), (1.05, 1.35), (255, 210, 160), 0.3, 0.3, 0.5, 0.014),
        ambient_colour=(255, 228, 200),
    ),
    "neon light": Preset(
        *((-80, 80), (0, 30), (1.4, 1.9), (255, 90, 190), 1.6, 1.2, 0.22, 0.012),
        fill_colour=(80, 150, 255),
        ambient_colour=(150, 140, 255),
        sided=True,
    ),
    "flat front light": Preset(
        (-10, 10), (10, 25), (1.0, 1.25), (255, 250, 245), 0.4, 0.1, 0.45, 0.012
    ),
}
SIDED_FROM = 35.0  # degrees


@dataclass(frozen=True)
class Light:
    """Unit directions towards the lights, their linear colours, and the light all around."""

    key: Vector
    key_colour: Vector
    fill: Vector
    fill_colour: Vector
    rim: Vector
    rim_colour: Vector
    above: Vector
    level: Vector
    below: Vector
    softness: float
    exposure: float


def linear(colour: Colour | Floats) -> Floats:
    """sRGB 0..255 to linear 0..1."""
    return (np.asarray(colour, np.float32) / 255) ** GAMMA


def light_of(photo: Photo, backdrop: Floats) -> Light:
    """The light of `photo`; the place behind (size, size, 3) tints what falls in from around."""
    preset = PRESETS[photo.light]
    rng = np.random.default_rng([photo.seed, 0x116A])
    azimuth = between(rng, *preset.azimuth)
    if preset.sided:
        side = 1 if rng.random() < 0.5 else -1
        azimuth = side * max(abs(azimuth), SIDED_FROM)
    elevation = between(rng, *preset.elevation)
    strength = between(rng, *preset.strength)
    fill_side = -1 if azimuth > 0 else 1
    key_colour = _hue(preset.colour)
    third = len(backdrop) // 3
    around = [linear(band.mean(axis=(0, 1))) for band in np.split(backdrop, [third, 2 * third])]
    ambient = [
        _ambient(preset, colour, share)
        for colour, share in zip(around, (0.95, 0.72, 0.42), strict=True)
    ]
    return Light(
        key=_direction(azimuth, elevation),
        key_colour=_vector(key_colour * strength),
        fill=_direction(fill_side * between(rng, 45, 75), between(rng, 0, 20)),
        fill_colour=_vector(_hue(preset.fill_colour or preset.colour) * preset.fill * 0.8),
        rim=_direction(azimuth + 180 + between(rng, -40, 40), between(rng, 15, 40)),
        rim_colour=_vector(key_colour * preset.rim),
        above=ambient[0],
        level=ambient[1],
        below=ambient[2],
        softness=preset.softness,
        exposure=between(rng, 0.86, 1.04),
    )


def _hue(colour: Colour) -> Floats:
    bright = linear(colour)
    return bright / bright.max()


def _ambient(preset: Preset, around: Floats, share: float) -> Vector:
    own = linear(preset.ambient_colour)
    tint = around / max(float(around.max()), 0.25)
    return _vector((own * 0.76 + 0.24 * tint) * preset.ambient * share)


def _direction(azimuth: float, elevation: float) -> Vector:
    a, e = np.radians([azimuth, elevation])
    return _vector(np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)]))


def _vector(values: Floats) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
