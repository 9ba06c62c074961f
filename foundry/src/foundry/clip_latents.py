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

from foundry.dataset import Pixels
from foundry.footage import Footage
from foundry.networks.frames import SHRINKS, normalised
from foundry.pictures import to_tensor
from likeness.engine.fast_frames import FastFrames

AT_ONCE = 4
BLOCK = 64


@dataclass(frozen=True)
class Batch:
    """Of n clips, all (n, channels, frames, side, side): `clean`, their latents, normalised, and
    `guide`, those of their guides; and `new`, one channel: how much of a guide was never seen, from
    0 to 1."""

    clean: Tensor
    guide: Tensor
    new: Tensor


@dataclass(frozen=True)
class ClipLatents:
    """All three of each clip, one after another, as it is and in a mirror, in memory-mapped blocks
    of BLOCK clips: (clips, 2, 2 × channels + 1, frames, side, side)."""

    blocks: Sequence[NDArray[np.float16]]

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
        return cls(blocks)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Channels, frames, side, side."""
        channels, frames, height, width = self.blocks[0].shape[2:]
        return channels // 2, frames, height, width

    def take(
        self, chosen: NDArray[np.int64], frames: NDArray[np.int64], mirrored: NDArray[np.bool_]
    ) -> Batch:
        """Some `frames` (n, …) of some clips (n), of which some are `mirrored` (n)."""
        each = zip(chosen.tolist(), frames, mirrored.astype(int).tolist(), strict=True)
        rows = np.stack(
            [self.blocks[one // BLOCK][one % BLOCK, way, :, some] for one, some, way in each]
        ).swapaxes(1, 2)
        channels = self.shape[0]
        return Batch(*torch.from_numpy(rows).float().split([channels, channels, 1], dim=1))

    def news(self) -> NDArray[np.float32]:
        """How much of each clip (clips, frames) is new, as a share of a frame."""
        parts = [block[:, 0, -1].astype(np.float32).mean(axis=(2, 3)) for block in self.blocks]
        return np.concatenate(parts)


@torch.no_grad()
def _encode(
    data: Footage, autoencoder: AutoencoderKLWan, wanted: NDArray[np.int64]
) -> NDArray[np.float16]:
    encoded: list[Tensor] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        clips, guides = data.clips(some), data.guides_of(some)
        both = (clips, guides), (_flipped(clips), _flipped(guides))
        ways = [_encoded(autoencoder, *way) for way in both]
        encoded.append(torch.stack(ways, dim=1).half().cpu())
    return torch.cat(encoded).numpy()


def _flipped(clips: Pixels) -> Pixels:
    return np.ascontiguousarray(clips[:, :, :, ::-1])


def _encoded(autoencoder: AutoencoderKLWan, clips: Pixels, guides: Pixels) -> Tensor:
    """Latents of clips, of their guides, and how much of these is new: (n, channels, frames, …)."""
    fast = FastFrames(autoencoder)
    device = next(autoencoder.parameters()).device
    frames, guide = (
        to_tensor(one[..., :3].reshape(-1, *one.shape[2:4], 3), device) for one in (clips, guides)
    )
    latents, liken = (normalised(autoencoder, fast.encode(one)[0]) for one in (frames, guide))
    new = torch.from_numpy(guides[..., 3]).flatten(0, 1)[:, None].to(device) / 255
    whole = torch.cat([latents, liken, avg_pool2d(new, SHRINKS)], dim=1)
    return whole.unflatten(0, clips.shape[:2]).transpose(1, 2)
