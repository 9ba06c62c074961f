"""What the transformer of clips is given: guides, and how much of them is known.

It is as `GuidedPipeline.prepare_latents` has it, so that the transformer sees in training what it
will see in use (tests/foundry/test_conditions.py).
"""

import torch
from torch import Tensor


def conditions_of(clean: Tensor, guide: Tensor, new: Tensor, given: int) -> Tensor:
    """What goes into the transformer: (n, 2 × channels + 1, frames, side, side).

    `clean` and `guide`, what clips are like, have as many channels each; `new`, one: how much of
    guides was never seen, from 0 to 1. The first `given` frames are as they should be. In the
    middle is a mask: how much of each place is known.
    """
    latents, mask = guide.clone(), 1 - new
    latents[:, :, :given], mask[:, :, :given] = clean[:, :, :given], 1
    return torch.cat([latents, mask, latents], dim=1)
