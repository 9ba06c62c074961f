"""Glasses: a wire frame around both eyes, temples to the ears, and two lenses."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.person import GlassesColour, GlassesShape
from foundry.portraits.primitives import Solid, joined, tube, vertex_normals

POINTS = 40  # around a lens
DISTANCE = 0.36  # of the lenses from the eyes, dm


@dataclass(frozen=True)
class Rim:
    """A superellipse: `power` 2 is an ellipse, more is squarer; `width`, `height` as factors."""

    power: float
    width: float
    height: float


@dataclass(frozen=True)
class Metal:
    """Linear colour and roughness of a frame."""

    colour: tuple[float, float, float]
    roughness: float
    thickness: float


RIMS: Mapping[GlassesShape, Rim] = {
    "round": Rim(2, 1.0, 1.0),
    "rectangular": Rim(5, 1.12, 0.66),
    "square": Rim(4, 1.04, 0.85),
}
FRAMES: Mapping[GlassesColour, Metal] = {
    "black": Metal((0.012, 0.012, 0.012), 0.25, 0.019),
    "brown": Metal((0.07, 0.03, 0.015), 0.3, 0.019),
    "silver": Metal((0.55, 0.56, 0.58), 0.3, 0.012),
    "gold": Metal((0.55, 0.38, 0.14), 0.3, 0.012),
}


@dataclass(frozen=True)
class Glasses:
    frame: Solid
    lenses: Solid


def make_glasses(
    pack: AssetPack, rest: Floats, shape: GlassesShape, colour: GlassesColour, size: float = 1.0
) -> Glasses:
    """Glasses on the face of `rest`; `size` 1.2 suits sunglasses."""
    rim, thickness = RIMS[shape], FRAMES[colour].thickness
    left, right = pack.joint(rest, "l-eye"), pack.joint(rest, "r-eye")
    middle = (left + right) / 2
    radius = 0.25 * size * (left[0] - right[0]) / 2 / 0.31
    angle = np.linspace(0, 2 * np.pi, POINTS, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    reach = (np.abs(cos) ** rim.power + np.abs(sin) ** rim.power) ** (-1 / rim.power)
    parts: list[Solid] = []
    lenses: list[Solid] = []
    bridge: list[Floats] = []
    for eye, side in ((left, 1), (right, -1)):
        x = eye[0] + side * 0.02 * size + reach * cos * radius * rim.width
        y = eye[1] - 0.03 + reach * sin * radius * rim.height
        # The lenses follow the curve of the face.
        z = left[2] + DISTANCE - 0.35 * np.maximum(0, np.abs(x - middle[0]) - 0.12) ** 2
        loop = np.stack([x, y, z], axis=1).astype(np.float32)
        parts.append(tube(loop, thickness, closed=True))
        lenses.append(_lens(loop))
        hinge = loop[np.argmax(side * loop[:, 0])]
        temple = [(0, 0, 0), (side * 0.10, 0.02, -0.06), (side * 0.16, 0.03, -0.5)]
        temple.append((side * 0.15, 0.02, -1.15))
        parts.append(tube(hinge + np.array(temple, np.float32), thickness))
        bridge.append(loop[np.argmin(side * loop[:, 0])])
    arch = (bridge[0] + bridge[1]) / 2 + np.array([0, 0.03, 0.03], np.float32)
    parts.append(tube(np.stack([bridge[0], arch, bridge[1]]), thickness * 0.9))
    return Glasses(joined(parts), joined(lenses))


def _lens(loop: Floats) -> Solid:
    points = np.concatenate([loop, loop.mean(axis=0, keepdims=True)])
    corner = np.arange(len(loop))
    centre = np.full(len(loop), len(loop))
    triangles = np.stack([corner, (corner + 1) % len(loop), centre], axis=1)
    normals = vertex_normals(points, triangles)
    return Solid(points, normals * np.sign(normals[:, 2:] + 1e-6), triangles)
