"""Latents of footage, encoded once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d
from tqdm import tqdm

from foundry.conditions import known_frames
from foundry.footage import Footage
from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import FOLDS, SHRINKS, normalised
from foundry.pictures import clips_to_tensor

AT_ONCE = 4
BLOCK = 64


@dataclass(frozen=True)
class Batch:
    """Of n clips, all (n, channels, moments, side, side), normalised: `clean` latents, and latents
    of the clips in which only the `first` frame, or `both` ends, are known. `moved` (n, 1, moments,
    side, side): how far pixels are from the first frame's, as a share of white."""

    clean: Tensor
    first: Tensor
    both: Tensor
    moved: Tensor


@dataclass(frozen=True)
class ClipLatents:
    """Those four of each clip, one after another, in memory-mapped blocks of BLOCK clips."""

    blocks: Sequence[NDArray[np.float16]]

    @classmethod
    def of(cls, data: Footage, autoencoder: AutoencoderKLWan, folder: Path) -> Self:
        """Read blocks in `folder`, and encode those that are not there yet."""
        folder.mkdir(parents=True, exist_ok=True)
        starts = range(0, len(data), BLOCK)
        blocks: list[NDArray[np.float16]] = []
        for start in tqdm(starts, desc="encoding", mininterval=5):
            path = folder / f"{start:06d}.npy"
            wanted = np.arange(start, min(start + BLOCK, len(data)))
            # The last block of footage that has grown since is not whole.
            if not path.exists() or len(np.load(path, mmap_mode="r")) < len(wanted):
                unfinished = path.with_suffix(".part.npy")
                np.save(unfinished, _encode(data, autoencoder, wanted))
                unfinished.rename(path)
            blocks.append(np.load(path, mmap_mode="r")[: len(wanted)])
        return cls(blocks)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Channels, moments, side, side."""
        channels, moments, height, width = self.blocks[0].shape[1:]
        return (channels - 1) // 3, moments, height, width

    def take(self, chosen: NDArray[np.int64]) -> Batch:
        """Some clips."""
        rows = np.stack([self.blocks[one // BLOCK][one % BLOCK] for one in chosen.tolist()])
        channels = self.shape[0]
        parts = torch.from_numpy(rows).float().split([channels, channels, channels, 1], dim=1)
        return Batch(*parts)


@torch.no_grad()
def _encode(
    data: Footage, autoencoder: AutoencoderKLWan, wanted: NDArray[np.int64]
) -> NDArray[np.float16]:
    device = next(autoencoder.parameters()).device
    fast = FastFrames(autoencoder)
    encoded: list[Tensor] = []
    for start in range(0, len(wanted), AT_ONCE):
        clips = clips_to_tensor(data.clips(wanted[start : start + AT_ONCE])).to(device)
        kinds = (clips, known_frames(clips, last=False), known_frames(clips, last=True))
        latents = [normalised(autoencoder, fast.encode(kind)[0]) for kind in kinds]
        encoded.append(torch.cat([*latents, _moved(clips)], dim=1).half().cpu())
    return torch.cat(encoded).numpy()


def _moved(clips: Tensor) -> Tensor:
    away = (clips - clips[:, :, :1]).abs().mean(dim=1) / 2
    small = avg_pool2d(away, SHRINKS)
    # The first moment is one frame, and no way from itself.
    later = small[:, 1:].unflatten(1, (-1, FOLDS)).mean(dim=2)
    return torch.cat([small[:, :1], later], dim=1).unsqueeze(1)
