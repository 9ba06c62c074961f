"""What the transformer of clips is given: guides, and how much of them is known.

It is as `GuidedPipeline.prepare_latents` has it, so that the transformer sees in training what it
will see in use (tests/foundry/test_conditions.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Conditions:
    """Of n clips: `mask` (n, 1, frames, side, side), how much is known, from 0 to 1, and `latents`
    (n, channels, …) of what clips are like."""

    mask: Tensor
    latents: Tensor

    @classmethod
    def of(cls, clean: Tensor, guide: Tensor, new: Tensor, given: int) -> "Conditions":
        """`clean` and `guide`, what clips are like, (n, channels, frames, side, side); `new`, one
        channel: how much of that was never seen. The first `given` frames are as they should be."""
        latents, mask = guide.clone(), 1 - new
        latents[:, :, :given], mask[:, :, :given] = clean[:, :, :given], 1
        return cls(mask, latents)

    def joined(self) -> Tensor:
        """What goes into the transformer: (n, 2 × channels + 1, …)."""
        return torch.cat([self.latents, self.mask, self.latents], dim=1)
