"""Smooth normals of meshes whose corners may share vertices."""

import numpy as np

from foundry.portraits.pack import Floats, Indices


def cross(a: Floats, b: Floats) -> Floats:
    """Row-wise cross product of (K, 3) and (K, 3); several times faster than `np.cross`."""
    out = np.empty_like(a)
    out[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    out[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    out[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return out


def unit(vectors: Floats) -> Floats:
    """Rows (K, 3) scaled to length 1."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return vectors / np.maximum(length, 1e-9)[:, None]


class VertexNormals:
    """Area-weighted normals of some vertices, from `triangles` (T, 3) of vertices.

    Sorting which triangle touches which vertex happens once; each call then sums runs of rows.
    `vertices` are those that get a normal, in ascending order: those of the triangles, or only
    `wanted` (with all triangles around them).
    """

    def __init__(self, triangles: Indices, wanted: Indices | None = None) -> None:
        if wanted is not None:
            triangles = triangles[np.isin(triangles, wanted).any(axis=1)]
        self.triangles = triangles
        corners = triangles.ravel()
        order = np.argsort(corners, kind="stable")
        if wanted is not None:
            order = order[np.isin(corners[order], wanted)]
        self.vertices, self._starts = np.unique(corners[order], return_index=True)
        self._faces = order // 3

    def __call__(self, points: Floats) -> Floats:
        """Unit normals of `self.vertices` when vertex i lies at `points[i]`."""
        a, b, c = (points[self.triangles[:, k]] for k in range(3))
        faces = cross(b - a, c - a)
        return unit(np.add.reduceat(faces[self._faces], self._starts, axis=0))


def vertex_normals(points: Floats, triangles: Indices) -> Floats:
    """Normals (N, 3) of all `points` (N, 3); zero where no triangle touches."""
    field = VertexNormals(triangles)
    out = np.zeros_like(points)
    out[field.vertices] = field(points)
    return out
