"""Simple solids that things to wear are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foundry.portraits.normals import cross, unit, vertex_normals
from foundry.portraits.pack import Floats, Indices

SIDES = 6  # of a tube


@dataclass(frozen=True)
class Solid:
    """Points (K, 3), their unit normals (K, 3), triangles (T, 3) of points."""

    points: Floats
    normals: Floats
    triangles: Indices


def grid_triangles(rows: int, columns: int, closed: bool = False) -> Indices:
    """Triangles of a grid of points, row by row; `closed` joins the last column to the first."""
    row, column = np.meshgrid(
        np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij"
    )
    beside = (column + 1) % columns
    a, b = row * columns + column, row * columns + beside
    c, d = a + columns, b + columns
    return np.stack([a, c, b, b, c, d], axis=-1).reshape(-1, 3)


def sphere(radius: float, rows: int = 9, columns: int = 13) -> Solid:
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, rows), np.linspace(0, 2 * np.pi, columns), indexing="ij"
    )
    normals = np.stack(
        [np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)], axis=-1
    )
    normals = normals.reshape(-1, 3).astype(np.float32)
    return Solid(normals * np.float32(radius), normals, grid_triangles(rows, columns))


def tube(path: Floats, radius: float | Floats, closed: bool = False) -> Solid:
    """A round tube along `path` (K, 3); `radius` for all or (K,) per point."""
    if closed:
        along = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
        up = np.array([0, 0, 1], np.float32)
    else:
        along = np.gradient(path, axis=0)
        up = np.array([0, 1, 0], np.float32)
    along = unit(along.astype(np.float32))
    first = unit(cross(along, np.broadcast_to(up, along.shape)))
    second = cross(along, first)
    angle = np.arange(SIDES) * (2 * np.pi / SIDES)
    normals = (
        np.cos(angle)[None, :, None] * first[:, None]
        + np.sin(angle)[None, :, None] * second[:, None]
    )
    thickness = np.broadcast_to(np.asarray(radius, np.float32), (len(path),))
    points = path[:, None] + normals * thickness[:, None, None]
    around = path_triangles(len(path), closed)
    return Solid(
        points.reshape(-1, 3).astype(np.float32), normals.reshape(-1, 3).astype(np.float32), around
    )


def path_triangles(points: int, closed: bool) -> Indices:
    if not closed:
        return grid_triangles(points, SIDES, closed=True)
    return grid_triangles(points + 1, SIDES, closed=True) % (points * SIDES)


def sheet(points: Floats, rows: int, columns: int, closed: bool = False) -> Solid:
    """A grid of points (rows * columns, 3), row by row, with its smooth normals."""
    triangles = grid_triangles(rows, columns, closed)
    points = points.astype(np.float32)
    return Solid(points, vertex_normals(points, triangles), triangles)


def joined(solids: Sequence[Solid]) -> Solid:
    starts = np.cumsum([0] + [len(solid.points) for solid in solids[:-1]])
    return Solid(
        np.concatenate([solid.points for solid in solids]),
        np.concatenate([solid.normals for solid in solids]),
        np.concatenate([s.triangles + at for s, at in zip(solids, starts, strict=True)]),
    )


def moved(solid: Solid, by: Floats) -> Solid:
    return Solid((solid.points + by).astype(np.float32), solid.normals, solid.triangles)
