"""Hats: surfaces around the head, and the hair pressed flat under them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.hair import head_centre
from foundry.portraits.normals import unit
from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.photo import HatKind
from foundry.portraits.primitives import Solid, joined, sheet

ROWS, COLUMNS = 14, 48
SLACK = 0.95  # hair under a hat keeps within this share of the way to it
FREE = 0.6  # radians below the rim from where hair hangs as it likes


@dataclass(frozen=True)
class Form:
    """The rim's elevation over the centre of the head, in front and behind (degrees), the room
    between head and cloth (dm), how far a brim or visor stands out, and where a band begins."""

    front: float
    back: float
    room: float
    brim: float = 0.0
    visor: float = 0.0
    band: float | None = None
    peak: float = 0.0


FORMS: Mapping[HatKind, Form] = {
    "beanie": Form(front=10, back=-26, room=0.16, peak=0.12),
    "cap": Form(front=15, back=-14, room=0.14, visor=0.85),
    "sun hat": Form(front=14, back=-12, room=0.14, brim=0.9),
    "headband": Form(front=13, back=-18, room=0.09, band=15),
}


class HatBlock:
    """The shape of a person's head as a hat sees it: how far it reaches in each direction."""

    def __init__(self, pack: AssetPack, rest: Floats, kind: HatKind) -> None:
        self.form = FORMS[kind]
        self.centre = head_centre(pack, rest)
        skull = np.setdiff1d(np.unique(pack.body.vertex), _ears(pack))
        skull_points = rest[skull] - self.centre
        skull_points = skull_points[skull_points[:, 1] > -0.55]
        # The planes that touch the skull from all around; together they are its convex hull.
        elevation, around = np.meshgrid(
            np.linspace(-0.9, np.pi / 2, 16), np.linspace(-np.pi, np.pi, 36), indexing="ij"
        )
        self._planes = _directions(elevation, around).reshape(-1, 3)
        self._distances = (self._planes @ skull_points.T).max(axis=1)

    def radius(self, directions: Floats) -> Floats:
        """Reach (K,) of the hat along unit `directions` (K, 3), dm."""
        facing = directions @ self._planes.T
        reach = np.where(facing > 0.2, self._distances / np.maximum(facing, 0.2), np.inf)
        return reach.min(axis=1) + self.form.room

    def rim(self, around: Floats) -> Floats:
        """Elevation (K,) of the rim at angles `around` the head, 0 in front; radians."""
        behind = (1 - np.cos(around)) / 2
        return np.radians(self.form.front + (self.form.back - self.form.front) * behind)

    def covers(self, points: Floats) -> Floats:
        """1 where `points` (K, 3) lie well under the hat, 0 well outside."""
        _, around, elevation, _ = self._polar(points)
        above = elevation - self.rim(around)
        if self.form.band is not None:
            above = np.minimum(above, self.rim(around) + np.radians(self.form.band) - elevation)
        return np.clip(above / 0.12 + 0.5, 0, 1)

    def flatten(self, points: Floats) -> Floats:
        """Hair vertices (K, 3), those under the hat pulled inside it."""
        directions, around, elevation, distance = self._polar(points)
        below = np.maximum(self.rim(around) - elevation, 0)
        if self.form.band is not None:
            top = self.rim(around) + np.radians(self.form.band)
            below = np.maximum(below, 4 * (elevation - top))
        reach = self.radius(directions) * SLACK / np.maximum(1 - below / FREE, 1e-3)
        kept = np.minimum(distance, reach)
        return (self.centre + directions * kept[:, None]).astype(np.float32)

    def hat(self) -> Solid:
        around = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
        rim = self.rim(around)
        if self.form.band is not None:
            return self._ring(np.linspace(rim + np.radians(self.form.band), rim, 6), around)
        tip = np.full_like(rim, np.pi / 2 - 1e-3)
        crown = self._ring(np.linspace(tip, rim, ROWS), around)
        parts = [crown]
        if self.form.brim:
            parts.append(self._brim(around, self.form.brim, np.ones_like(around)))
        if self.form.visor:
            front = np.linspace(-0.8, 0.8, 25)
            shape = np.sqrt(np.clip(1 - (front / 0.83) ** 2, 0, 1))
            parts.append(self._brim(front, self.form.visor, shape.astype(np.float32)))
        return joined(parts)

    def _ring(self, elevations: Floats, around: Floats) -> Solid:
        """Rows of points at `elevations` (R, K), the last at the rim, with a turned-in hem."""
        hem = elevations[-1:]
        elevations = np.concatenate([elevations, hem])
        directions = _directions(elevations, np.broadcast_to(around, elevations.shape))
        reach = self.radius(directions.reshape(-1, 3)).reshape(elevations.shape)
        reach[-1] *= 0.9
        if self.form.peak:
            reach = reach + self.form.peak * np.sin(np.clip(elevations, 0, None)) ** 3
        points = self.centre + directions * reach[..., None]
        return sheet(points.reshape(-1, 3), len(elevations), len(around), closed=True)

    def _brim(self, around: Floats, width: float, shape: Floats) -> Solid:
        """A flat, slightly drooping sheet from the rim outwards."""
        elevation = self.rim(around) + 0.02
        edge = (
            _directions(elevation, around)
            * (self.radius(_directions(elevation, around)) * 0.99)[:, None]
        )
        outwards = edge * np.array([1, 0, 1], np.float32)
        outwards = unit(outwards.astype(np.float32))
        steps = np.linspace(0, 1, 6)[:, None]
        droop = (
            -0.30 * width * steps**2
            if self.form.brim
            else -0.10 * width * steps - 0.30 * width * steps**2
        )
        points = self.centre + edge + outwards * (steps * width * shape)[..., None]
        points[..., 1] += droop * shape
        closed = bool(self.form.brim)
        return sheet(points.reshape(-1, 3), len(steps), len(around), closed=closed)

    def _polar(self, points: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        offset = points - self.centre
        distance = np.linalg.norm(offset, axis=1)
        directions = unit(offset.astype(np.float32))
        around = np.arctan2(directions[:, 0], directions[:, 2])
        return directions, around, np.arcsin(np.clip(directions[:, 1], -1, 1)), distance


def _directions(elevation: Floats, around: Floats) -> Floats:
    return np.stack(
        [
            np.cos(elevation) * np.sin(around),
            np.sin(elevation),
            np.cos(elevation) * np.cos(around),
        ],
        axis=-1,
    ).astype(np.float32)


def _ears(pack: AssetPack) -> list[int]:
    names = [name for name in pack.targets if name.startswith("ears/")]
    return sorted({int(i) for name in names for i in pack.targets[name].vertices})
