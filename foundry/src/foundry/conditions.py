"""What the transformer of clips is given beside noise: the frames that are known, and which.

All of it is as `WanImageToVideoPipeline.prepare_latents` has it, so that the transformer sees in
training what it will see in use (tests/foundry/test_conditions.py).
"""

import torch
from torch import Tensor

from foundry.networks.frames import FOLDS, moments_of


def known_frames(clips: Tensor, last: bool) -> Tensor:
    """Clips (n, 3, frames, height, width) in −1..1 with grey in place of all frames but the first,
    and the last if that is known, too."""
    known = torch.zeros_like(clips)
    known[:, :, 0] = clips[:, :, 0]
    if last:
        known[:, :, -1] = clips[:, :, -1]
    return known


def mask(frames: int, last: bool) -> Tensor:
    """(4, moments): 1 where a frame of a moment is known, else 0. The first moment is one frame,
    which counts four times."""
    known = torch.zeros(FOLDS - 1 + frames)
    known[:FOLDS] = 1
    if last:
        known[-1] = 1
    return known.view(moments_of(frames), FOLDS).T


def joined(noisy: Tensor, masks: Tensor, conditions: Tensor) -> Tensor:
    """What goes into the transformer: noisy latents (n, channels, moments, side, side), masks
    (n, 4, moments) and latents of known frames of the same shape as the noisy ones."""
    side = noisy.shape[-1]
    spread = masks[..., None, None].expand(-1, -1, -1, side, side)
    return torch.cat([noisy, spread.to(noisy.dtype), conditions], dim=1)
