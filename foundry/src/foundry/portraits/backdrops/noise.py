"""Cheap smooth randomness on the grid that every backdrop is painted on."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.floating]

GRID = 160
"""Backdrops are out of focus: painted this small, they can be enlarged to any size."""


def enlarge(cells: Plane, rows: int, columns: int) -> Plane:
    stretched = Image.fromarray(cells).resize((columns, rows), Image.Resampling.BICUBIC)
    return np.asarray(stretched, np.float32)


def clouded(
    rng: Generator, rows: int, columns: int | None = None, octaves: int = 3, fade: float = 0.55
) -> Plane:
    """Noise of mean 0 and deviation 1 over the grid, its largest lumps `rows` by `columns`.

    Few rows and many columns give upright streaks, the reverse lying ones. Each octave has twice
    the lumps and `fade` of the strength of the one before.
    """
    columns = rows if columns is None else columns
    total = rng.random((rows + 1, columns + 1), np.float32)
    strength = 1.0
    for _ in range(octaves - 1):
        rows, columns, strength = rows * 2, columns * 2, strength * fade
        finer = rng.random((rows + 1, columns + 1), np.float32)
        total = enlarge(total, rows + 1, columns + 1) + strength * finer
    field = enlarge(total, GRID, GRID)
    return (field - field.mean()) / (field.std() + 1e-6)


def ridge(rng: Generator, peaks: int, octaves: int = 3, fade: float = 0.45) -> Plane:
    """A jagged line across the picture (one value a column), of mean 0 and deviation 1."""
    across = np.linspace(0, 1, GRID)
    line = np.zeros(GRID)
    for octave in range(octaves):
        count = peaks * 2**octave + 1
        places = (np.arange(count) + rng.uniform(-0.35, 0.35, count)) / (count - 1)
        line += fade**octave * np.interp(across, places, rng.random(count))
    return ((line - line.mean()) / (line.std() + 1e-6)).astype(np.float32)
