"""Whose faces a dataset shows, as the trained `faces` tells it."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize
from tqdm import tqdm

from foundry.dataset import Dataset
from foundry.parts.scenes import label
from foundry.pictures import to_tensor
from likeness.engine.face_alignment import align
from likeness.engine.face_network import ALIGNED, FaceRecogniser

AT_ONCE = 64


@torch.no_grad()
def identities(data: Dataset, recogniser: FaceRecogniser, cache: Path) -> NDArray[np.float32]:
    """(pictures, 128): read from `cache`, or told of the known faces of `data` and kept there.

    Each has length 1 and is the mean of what is seen in a face and in its mirror image.
    """
    if cache.exists() and len(known := np.load(cache)) == len(data):
        return known
    recogniser.eval()
    device = next(recogniser.parameters()).device
    told: list[NDArray[np.float32]] = []
    for first in tqdm(range(0, len(data), AT_ONCE), desc="recognising", mininterval=5):
        chosen = np.arange(first, min(first + AT_ONCE, len(data)))
        entries = data.entries[first : first + AT_ONCE]
        crops = [
            align(picture, label(entry, data.size).landmarks, ALIGNED)
            for entry, picture in zip(entries, data.pictures(chosen), strict=True)
        ]
        pixels = to_tensor(np.stack(crops)).to(device)
        both = recogniser(pixels).embeddings + recogniser(pixels.flip(-1)).embeddings
        told.append(normalize(both, dim=1).cpu().numpy())
    unfinished = cache.with_suffix(".part.npy")
    np.save(unfinished, np.concatenate(told))
    unfinished.rename(cache)
    return np.concatenate(told)
