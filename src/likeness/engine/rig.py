"""The rig: a head and torso like anybody's, that can be held and look as a moment says.

It is a mesh in dm, y up, z towards the viewer, x to the viewer's right. What it is for is not to be
seen: laid over a picture of somebody, it tells where each spot of them goes when they move.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.easing import smoothstep
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.pose import Points, pose_at, rotated
from likeness.engine.errors import LoadFailed

FILE = "rig.npz"

IRIS = 0.13
"""dm from an eye's centre to its iris."""

WHOLLY = 0.99
"""Share from which what follows the head is of the skull."""

DRAWN_IN = (0.88, 0.24, 0.1, 0.15)
"""Of what lies behind the lips: width, and dm back, of an open mouth's, which must not leave the
cheeks; from how far aside that begins, and over how much it grows."""

SIDES, CROWN = (0.3, 0.7), (0.2, 0.8)
"""dm beside the middle, and above the eyes, between which a face ends, and the head's sides and its
crown begin, little by little."""

Indices = NDArray[np.int64]


class Kind(IntEnum):
    """What a triangle belongs to."""

    SKIN = 0
    """With clothes, brows and all else that is on it."""
    EYE = 1
    MOUTH = 2
    """Its inside."""


@dataclass(frozen=True)
class Unit:
    """What a facial unit does: it moves `vertices` (K,) by `delta` (K, 3)."""

    vertices: Indices
    delta: Points


@dataclass(frozen=True)
class Rig:
    """V vertices `rest`, of which each `follows` the head by a share; `triangles` (T, 3) of them,
    each of a kind (T,), counter-clockwise where they are seen; `units` by name.

    `neck` (3,) is where the head turns; `eyes` (2, 3) are the eyes' centres, the one on the left
    of the picture first, and `eye` (V,) says of which eye (0 or 1) a vertex is, else −1. `scalp`
    (V,) is how much hair grows at each. `behind` are vertices behind the lips; `nose` and `corners`
    are the vertices of the nose's tip and of the corners of the mouth.
    """

    rest: Points
    follows: Points
    triangles: Indices
    kinds: Indices
    units: Mapping[str, Unit]
    neck: Points
    eyes: Points
    eye: Indices
    scalp: Points
    behind: Indices
    nose: int
    corners: tuple[int, int]

    def points(self, moment: Moment, spun: float = 0.0) -> Points:
        """Where the vertices (V, 3) are at a moment; before that, the skull is spun by so many
        degrees about its own middle, to the viewer's right."""
        shape = self._shape(moment)
        if spun:
            angles = np.full(len(shape), np.radians(spun), np.float32)
            shape = rotated(shape - self._middle, angles, 2, 0) + self._middle
        return pose_at(self.neck, moment).apply(shape, self.follows)

    def shaped(self, wide: float, high: float) -> Self:
        """The rig with a head that is so wide, and above the eyes so high, beside this one; its
        face stays."""
        beside = smoothstep(*SIDES, np.abs(self.rest[:, 0])) * self.follows
        up = self.rest[:, 1] - self.eyes[:, 1].mean()
        rest = self.rest.copy()
        rest[:, 0] *= 1 - (1 - wide) * beside
        rest[:, 1] -= (1 - high) * up * smoothstep(*CROWN, up) * self.follows
        return replace(self, rest=rest)

    @cached_property
    def _middle(self) -> Points:
        """The middle (3,) of the skull."""
        skull = self.rest[(self.follows > WHOLLY) & (self.rest[:, 1] > self.eyes[:, 1].mean())]
        return (skull.min(axis=0) + skull.max(axis=0)) / 2

    def landmarks(self, moment: Moment) -> Points:
        """(5, 3): eyes, nose tip, corners of the mouth, as `Face` has them."""
        shape = self._shape(moment)
        spots = [
            *(self.eyes + np.array([0, 0, IRIS], np.float32)),
            shape[self.nose],
            *shape[[*self.corners]],
        ]
        whole = np.ones(len(spots), np.float32)
        return pose_at(self.neck, moment).apply(np.stack(spots), whole)

    def _shape(self, moment: Moment) -> Points:
        shape = self.rest.copy()
        for name, weight in moment.weights.items():
            if weight and name in self.units:
                unit = self.units[name]
                shape[unit.vertices] += np.float32(weight) * unit.delta
        for number, centre in enumerate(self.eyes):
            ball = self.eye == number
            shape[ball] = (shape[ball] - centre) @ _turn(*np.radians(moment.gaze)).T + centre
        if moment.mouth:
            width, back, aside, over = DRAWN_IN
            inside = shape[self.behind]
            far = np.clip((np.abs(inside[:, 0]) - aside) / over, 0, 1)
            inside[:, 2] -= np.float32(moment.mouth * back) * far
            inside[:, 0] *= np.float32(1 - moment.mouth * (1 - width))
            shape[self.behind] = inside
        return shape

    def save(self, folder: Path) -> None:
        """Write `rig.npz` in a folder."""
        names = sorted(self.units)
        vertices = [self.units[name].vertices for name in names]
        np.savez_compressed(
            folder / FILE,
            rest=self.rest.astype(np.float32),
            follows=self.follows.astype(np.float16),
            triangles=self.triangles.astype(np.uint16),
            kinds=self.kinds.astype(np.uint8),
            names=np.array(names),
            sizes=np.array([len(some) for some in vertices]),
            moved=np.concatenate(vertices).astype(np.uint16),
            delta=np.concatenate([self.units[name].delta for name in names]).astype(np.float16),
            neck=self.neck.astype(np.float32),
            eyes=self.eyes.astype(np.float32),
            eye=self.eye.astype(np.int8),
            scalp=np.rint(255 * self.scalp).astype(np.uint8),
            behind=self.behind.astype(np.uint16),
            marks=np.array([self.nose, *self.corners]),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `rig.npz` in a folder. Raises LoadFailed."""
        path = folder / FILE
        try:
            with np.load(path, allow_pickle=False) as stored:
                read = {name: stored[name] for name in stored.files}
            ends = np.cumsum(read["sizes"])[:-1]
            parts = zip(
                read["names"],
                np.split(read["moved"].astype(np.int64), ends),
                np.split(read["delta"].astype(np.float32), ends),
                strict=True,
            )
            nose, *corners = read["marks"].tolist()
            return cls(
                rest=read["rest"],
                follows=read["follows"].astype(np.float32),
                triangles=read["triangles"].astype(np.int64),
                kinds=read["kinds"].astype(np.int64),
                units={str(name): Unit(vertices, delta) for name, vertices, delta in parts},
                neck=read["neck"],
                eyes=read["eyes"],
                eye=read["eye"].astype(np.int64),
                scalp=read["scalp"].astype(np.float32) / 255,
                behind=read["behind"].astype(np.int64),
                nose=nose,
                corners=(corners[0], corners[1]),
            )
        except (OSError, EOFError, BadZipFile, ValueError, KeyError, IndexError) as error:
            raise LoadFailed(path, str(error)) from error


def _turn(across: float, up: float) -> Points:
    """Turns upwards by `up`, then towards +x by `across`; radians."""
    cy, sy, cp, sp = np.cos(across), np.sin(across), np.cos(up), np.sin(up)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    return (about_y @ about_x).astype(np.float32)
