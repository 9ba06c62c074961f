"""What the transformer of clips is given beside noise: the frames that are known, and which.

All of it is as `GuidedPipeline.prepare_latents` has it, and the stock pipeline's where there is no
guide, so that the transformer sees in
training what it will see in use (tests/foundry/test_conditions.py).
"""

import torch
from torch import Tensor


def joined(
    noisy: Tensor, clean: Tensor, guide: Tensor, grey: Tensor, both: Tensor, guided: Tensor
) -> Tensor:
    """What goes into the transformer: noisy latents, which frames are known, and their latents.

    `noisy`, `clean` and `guide`, what clips are like, of those that are `guided` (n): (n, channels,
    frames, side, side); `grey` (channels, side, side), the latents of a grey frame, which stands
    where nothing is known; `both` (n) says in which clips not only the first frame is known, but
    the last, too. Returns (n, 2 × channels + 1, …).
    """
    known = grey[None, :, None].expand_as(clean).clone()
    known[guided] = guide[guided]
    mask = torch.zeros_like(clean[:, :1])
    known[:, :, 0], mask[:, :, 0] = clean[:, :, 0], 1
    known[both, :, -1], mask[both, :, -1] = clean[both, :, -1], 1
    return torch.cat([noisy, mask, known], dim=1)
