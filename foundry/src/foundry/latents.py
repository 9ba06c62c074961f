"""Latents of a dataset, encoded once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from foundry.dataset import Dataset
from foundry.networks.autoencoder import encode
from foundry.pictures import to_tensor

AT_ONCE = 64


@dataclass(frozen=True)
class Latents:
    """Means and standard deviations of the latents of each picture: (2, channels, side, side)."""

    encoded: NDArray[np.float16]

    @classmethod
    def of(cls, data: Dataset, autoencoder: AutoencoderKL, cache: Path) -> Self:
        """Read `cache`, or encode all of `data` into it; pictures added since are encoded too."""
        done = np.load(cache) if cache.exists() else None
        start = 0 if done is None else len(done)
        if start < len(data):
            new = _encode(data, autoencoder, start)
            done = new if done is None else np.concatenate([done, new])
            unfinished = cache.with_suffix(".part.npy")
            np.save(unfinished, done)
            unfinished.rename(cache)
        assert done is not None
        return cls(done[: len(data)])

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.encoded.shape[2:]

    def draw(self, chosen: NDArray[np.int64], generator: torch.Generator) -> Tensor:
        """Latents of some pictures (n, channels, side, side), each drawn from its distribution."""
        mean, deviation = torch.from_numpy(self.encoded[chosen]).float().unbind(1)
        return mean + deviation * torch.randn(mean.shape, generator=generator)


@torch.no_grad()
def _encode(data: Dataset, autoencoder: AutoencoderKL, start: int) -> NDArray[np.float16]:
    device = next(autoencoder.parameters()).device
    encoded: list[NDArray[np.float16]] = []
    for first in tqdm(range(start, len(data), AT_ONCE), desc="encoding", mininterval=5):
        chosen = np.arange(first, min(first + AT_ONCE, len(data)))
        mean, log_variance = encode(autoencoder, to_tensor(data.pictures(chosen), device))
        both = torch.stack([mean, torch.exp(0.5 * log_variance)], dim=1)
        encoded.append(both.half().cpu().numpy())
    return np.concatenate(encoded)
