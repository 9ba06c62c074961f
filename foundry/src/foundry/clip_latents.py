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

from foundry.footage import Footage
from foundry.networks.fast_frames import FastFrames
from foundry.networks.frames import SHRINKS, normalised
from foundry.pictures import to_tensor

AT_ONCE = 4
BLOCK = 64


@dataclass(frozen=True)
class Batch:
    """Of n clips, all (n, channels, frames, side, side): `clean`, their latents, normalised, and
    `guide`, those of their guides; and `moved`, one channel: how far pixels are from the first
    frame's, as a share of white."""

    clean: Tensor
    guide: Tensor
    moved: Tensor


@dataclass(frozen=True)
class ClipLatents:
    """All three of each clip, one after another, in memory-mapped blocks of BLOCK clips; and `grey`
    (channels, side, side), what a grey frame is."""

    blocks: Sequence[NDArray[np.float16]]
    grey: Tensor

    @classmethod
    def of(cls, data: Footage, autoencoder: AutoencoderKLWan, folder: Path) -> Self:
        """Read blocks in `folder`, and encode those that are not there yet. Raises NoGuides."""
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
        return cls(blocks, _grey(autoencoder, data.size))

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Channels, frames, side, side."""
        channels, frames, height, width = self.blocks[0].shape[1:]
        return channels // 2, frames, height, width

    def take(self, chosen: NDArray[np.int64], frames: NDArray[np.int64]) -> Batch:
        """Some `frames` (n, …) of some clips (n)."""
        rows = np.stack(
            [
                self.blocks[one // BLOCK][one % BLOCK, :, some]
                for one, some in zip(chosen.tolist(), frames, strict=True)
            ]
        ).swapaxes(1, 2)
        channels = self.shape[0]
        return Batch(*torch.from_numpy(rows).float().split([channels, channels, 1], dim=1))


@torch.no_grad()
def _grey(autoencoder: AutoencoderKLWan, side: int) -> Tensor:
    frame = torch.zeros(1, 3, side, side, device=next(autoencoder.parameters()).device)
    return normalised(autoencoder, FastFrames(autoencoder).encode(frame)[0])[0].cpu()


@torch.no_grad()
def _encode(
    data: Footage, autoencoder: AutoencoderKLWan, wanted: NDArray[np.int64]
) -> NDArray[np.float16]:
    device = next(autoencoder.parameters()).device
    fast = FastFrames(autoencoder)
    encoded: list[Tensor] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        clips, guides = data.clips(some), data.guides_of(some)
        frames, guide = (
            to_tensor(one.reshape(-1, *one.shape[2:]), device) for one in (clips, guides)
        )
        latents, liken = (normalised(autoencoder, fast.encode(one)[0]) for one in (frames, guide))
        by_clip = frames.unflatten(0, clips.shape[:2])
        moved = (by_clip - by_clip[:, :1]).abs().mean(dim=2).flatten(0, 1).unsqueeze(1) / 2
        whole = torch.cat([latents, liken, avg_pool2d(moved, SHRINKS)], dim=1)
        encoded.append(whole.unflatten(0, clips.shape[:2]).transpose(1, 2).half().cpu())
    return torch.cat(encoded).numpy()
