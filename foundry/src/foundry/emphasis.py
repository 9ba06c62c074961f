"""Where in a picture errors weigh more."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from foundry.dataset import Entry

# Half the side of the square that counts as the face, in sides of the box from brows to chin.
REACH = 0.7


def around_faces(entries: Sequence[Entry], side: int, weight: float) -> Tensor:
    """Weights (n, 1, side, side) with a mean of 1: on the face `weight` times those elsewhere."""
    faces = np.array([entry.face for entry in entries], np.float32)
    weights = around(faces, side, weight)
    weights /= weights.mean(axis=(1, 2), keepdims=True)
    return torch.from_numpy(weights).unsqueeze(1)


def around(faces: NDArray[np.float32], side: int, weight: float) -> NDArray[np.float32]:
    """For faces (…, 3) as `Entry` has them, (…, side, side): `weight` on the face, elsewhere 1."""
    centre = (np.arange(side, dtype=np.float32) + 0.5) / side
    across = np.abs(centre - faces[..., 0:1]) < REACH * faces[..., 2:3]
    down = np.abs(centre - faces[..., 1:2]) < REACH * faces[..., 2:3]
    on_face = down[..., :, None] & across[..., None, :]
    return np.where(on_face, np.float32(weight), np.float32(1))
