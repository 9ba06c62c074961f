"""Candidates: several pictures drawn for each that is asked for, of which the likest is kept."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from likeness.engine.faces import FaceReader


def candidate_seeds(seed: int, count: int) -> tuple[int, ...]:
    """The seeds (below 2^63) of a picture's candidates: its own first, then others that follow
    from it alone."""
    return (seed, *(_derived(f"{seed}/{number}") for number in range(1, count)))


def likest(
    candidates: Sequence[Image.Image], person: NDArray[np.float32], reader: FaceReader
) -> Image.Image:
    """The candidate whose largest face is nearest to `person`, an embedding of length 1; the
    first of them where no candidate shows a face."""
    if len(candidates) == 1:
        return candidates[0]
    seen = [reader.largest(candidate) for candidate in candidates]
    alike = [float(one[1].embedding @ person) if one else -1.0 for one in seen]
    return candidates[int(np.argmax(alike))]


def _derived(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1
