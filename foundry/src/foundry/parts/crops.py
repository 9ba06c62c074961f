"""Aligned crops of rendered faces, as a detector that errs a little would make them."""

import numpy as np
from numpy.random import Generator

from foundry.dataset import Pixels
from foundry.parts.scenes import Labelled
from likeness.engine.face_alignment import align

ERROR = 0.025  # of each landmark, in sides of the face
DRIFT = 0.03  # of all together
TURN = 4.0  # degrees
ZOOM = 0.05


def crop(picture: Pixels, face: Labelled, side: int, rng: Generator) -> Pixels:
    """The crop (side, side, 3) by landmarks that are off by what a detector's may be."""
    spots = face.landmarks + face.side * rng.normal(0, ERROR, (5, 2))
    middle = spots.mean(axis=0)
    turn = np.exp(ZOOM * rng.normal() + 1j * np.deg2rad(TURN) * rng.normal())
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    drift = face.side * rng.normal(0, DRIFT, 2)
    return align(picture, (spots - middle) @ linear.T + middle + drift, side)
