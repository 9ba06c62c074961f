"""The rig as it is seen over a picture: what of it is in front, in each cell of a grid."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.moment import Moment
from likeness.engine.head_fit import HeadFit
from likeness.engine.rig import Kind, Rig

HEAD = 1.5
"""dm that a head is wide."""

CELLS, MOST = 64, 320
"""In a head's width, and at most along the longer side of a picture; none is finer than a pixel."""

SPACING, LOOSER = 0.8, 1.6
"""Cells between samples of the head's triangles, and of others, which hide each other less."""

HEADS = 0.5
"""Share from which what follows the head is of it."""

AWAY = -0.35
"""Which way triangles look, at the beginning (the cosine to where the camera is), that never turn
into view; and the least with which a picture shows what is on them: """
ASIDE = 0.1

BEFORE = 0.06
"""dm by which something must lie in front of something else to hide it."""

Mask = NDArray[np.bool_]
Floats = NDArray[np.floating]
Indices = NDArray[np.int64]


class Layer(IntEnum):
    """What moves as one."""

    NONE = -1
    BODY = 0
    HEAD = 1
    EYES = 2
    MOUTH = 3


@dataclass(frozen=True)
class Seen:
    """What is in front in each cell (rows, columns): the `sample`, −1 where none is. `x`, `y`
    (cells) and `z` (dm) tell where all samples are; `towards`, how far each triangle looks towards
    the viewer, 1 to −1."""

    sample: Indices
    x: Floats
    y: Floats
    z: Floats
    towards: Floats


class RigView:
    """A rig over a picture of `width` × `height` px, dense enough for as near as `fit` has it.

    `scale` is cells in a px; `layer` says of each sample what it is of, `triangle` on which it is.
    """

    def __init__(self, rig: Rig, fit: HeadFit, width: int, height: int) -> None:
        self._rig = rig
        self.scale = min(CELLS / (HEAD * fit.scale), MOST / max(width, height), 1.0)
        self.shape = round(height * self.scale), round(width * self.scale)
        self._corners, self._shares, self.triangle = self._sampled(fit)
        kinds = rig.kinds[self.triangle]
        heads = self._of_head()[self.triangle]
        self.layer: Indices = np.where(heads, Layer.HEAD, Layer.BODY)
        self.layer[kinds == Kind.EYE] = Layer.EYES
        self.layer[kinds == Kind.MOUTH] = Layer.MOUTH

    def at(self, moment: Moment, fit: HeadFit) -> Seen:
        """What is seen at a moment, laid over the picture by a fit."""
        points = self._rig.points(moment)
        flat = fit.project(points) * self.scale
        x, y, z = self.within(np.column_stack([flat, points[:, 2]]), slice(None)).T
        rows, columns = self.shape
        towards = self._towards(points)
        shown = (towards > 0)[self.triangle]
        shown &= (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
        samples = np.nonzero(shown)[0]
        samples = samples[np.argsort(z[samples])]
        sample = np.full(rows * columns, -1)
        # Of those that fall into one cell the last, which is in front, stays.
        sample[y[samples].astype(np.int64) * columns + x[samples].astype(np.int64)] = samples
        return Seen(sample.reshape(rows, columns), x, y, z, towards)

    def shown(self, start: Seen) -> Mask:
        """Which samples a picture shows in which that is seen, or lie beyond its edges."""
        rows, columns = self.shape
        row = np.clip(start.y, 0, rows - 1).astype(np.int64)
        column = np.clip(start.x, 0, columns - 1).astype(np.int64)
        front = start.sample[row, column]
        near = start.z >= start.z[front] - BEFORE
        beyond = (start.x < 0) | (start.y < 0) | (start.x >= columns) | (start.y >= rows)
        towards = start.towards[self.triangle] > ASIDE
        return beyond | (near & (front >= 0) & towards)

    def alike(self, samples: Indices, fit: HeadFit, moment: Moment) -> Floats:
        """Where (n, 2) in the first picture, which the fit is laid over, that is which is most like
        what samples of the head show at a moment: heads are round."""
        turned = moment.yaw - fit.start.yaw
        return self.within(fit.project(self._rig.points(fit.start, turned)) * self.scale, samples)

    def within(self, corners: Floats, samples: Indices | slice) -> Floats:
        """Of values (V, n) of the rig's vertices, those of samples."""
        values, vertices = corners.astype(np.float32), self._corners[samples]
        at = np.zeros((len(vertices), values.shape[1]), np.float32)
        for corner in range(3):
            at += values[vertices[:, corner]] * self._shares[samples, corner, None]
        return at

    def _of_head(self) -> Mask:
        return self._rig.follows[self._rig.triangles].mean(axis=1) > HEADS

    def _towards(self, points: Floats) -> Floats:
        one, two, three = points[self._rig.triangles].transpose(1, 0, 2)
        normals = np.cross(two - one, three - one)
        return normals[:, 2] / np.maximum(np.linalg.norm(normals, axis=1), 1e-9)

    def _sampled(self, fit: HeadFit) -> tuple[Indices, Floats, Indices]:
        """Samples of all triangles: the corners (n, 3) among which each lies, its shares of them,
        and its triangle."""
        rig, cells = self._rig, fit.scale * self.scale
        corners = rig.rest[rig.triangles]
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
        spacing = np.where(self._of_head(), SPACING, LOOSER)
        counts = np.maximum(np.ceil(sides * cells / spacing), 1).astype(np.int64)
        counts[self._towards(rig.points(fit.start)) < AWAY] = 0
        triangles: list[Indices] = []
        shares: list[Floats] = []
        for count in np.unique(counts[counts > 0]).tolist():
            chosen = np.nonzero(counts == count)[0]
            one, other = np.nonzero(np.add.outer(np.arange(count), np.arange(count)) < count)
            lattice = (np.stack([one, other], axis=1) + 1 / 3) / count
            lattice = np.column_stack([lattice, 1 - lattice.sum(axis=1)])
            triangles.append(np.repeat(chosen, len(lattice)))
            shares.append(np.tile(lattice, (len(chosen), 1)))
        triangle = np.concatenate(triangles)
        return rig.triangles[triangle], np.concatenate(shares).astype(np.float32), triangle
