"""Photographs of real people that packages ship: faces must be found and cropped in them."""

from collections.abc import Mapping

import numpy as np
from pydantic import BaseModel, ConfigDict

from foundry.dataset import Pixels
from likeness.engine.faces import FaceReader

# The face in scikit-image's portrait of an astronaut: centre and side in px, read off the picture.
ASTRONAUT = (223.0, 112.0, 105.0)


class PhotographFigures(BaseModel):
    """`astronaut_overlap`: common area of the box found and the box read off, as a share of
    either's; `faces` found in each photograph."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    astronaut_overlap: float
    faces: dict[str, int]


def real_photographs() -> Mapping[str, Pixels]:
    """scikit-image's colour photographs: one of a person, the others of none."""
    from skimage import data

    names = ("astronaut", "cat", "coffee", "rocket")
    return {name: np.asarray(getattr(data, name)(), np.uint8) for name in names}


def measure_photographs(reader: FaceReader) -> PhotographFigures:
    from PIL import Image

    from likeness.engine.faces import FaceBox, overlap

    photographs = real_photographs()
    found = {name: reader.find(Image.fromarray(p)) for name, p in photographs.items()}
    there = FaceBox(*ASTRONAUT)
    best = max((overlap(face.box, there) for face in found["astronaut"]), default=0.0)
    return PhotographFigures(
        astronaut_overlap=best, faces={name: len(faces) for name, faces in found.items()}
    )
