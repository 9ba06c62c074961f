"""Whose face a picture shows, as the face reader that ships sees it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from likeness.bases import find_part
from likeness.engine.faces import Description, FaceReader

Embeddings = NDArray[np.float32]


class Eye:
    """Looks at pictures of one person each."""

    def __init__(self) -> None:
        self._reader = FaceReader.load(find_part("faces"))

    def look(self, picture: Image.Image) -> Description | None:
        """The largest face, or None if there is none."""
        seen = self._reader.largest(picture)
        return seen[1] if seen else None

    def embeddings(self, pictures: Sequence[Image.Image]) -> Embeddings:
        """(faces found, 128)."""
        seen = [said.embedding for picture in pictures if (said := self.look(picture))]
        return np.stack(seen) if seen else np.empty((0, 128), np.float32)


def likeness(some: Embeddings, others: Embeddings) -> float:
    """The mean similarity of each to each: 1 at most."""
    return float((some @ others.T).mean())
