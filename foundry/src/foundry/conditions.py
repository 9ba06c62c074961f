"""What the transformer of clips is given beside noise: the frames that are known, and which.

All of it is as `GuidedPipeline.prepare_latents` has it, and the stock pipeline's where there is no
guide, so that the transformer sees in training what it will see in use
(tests/foundry/test_conditions.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Conditions:
    """Of n clips: `mask` (n, 1, frames, side, side), 1 where a frame is known, and `latents` (n,
    channels, …), its latents, else those of what it is like, or of a grey frame; `guided` (n), in
    which clips not only noise is known of the others."""

    mask: Tensor
    latents: Tensor
    guided: Tensor

    @classmethod
    def of(
        cls, clean: Tensor, guide: Tensor, grey: Tensor, given: Tensor, guided: Tensor
    ) -> "Conditions":
        """`clean` and `guide`, what clips are like, of those that are `guided` (n): (n, channels,
        frames, side, side); `grey` (channels, side, side); `given` (n, frames) says which frames
        are known."""
        known = grey[None, :, None].expand_as(clean).clone()
        known[guided] = guide[guided]
        mask = given[:, None, :, None, None].expand_as(clean[:, :1]).to(clean)
        return cls(mask, torch.where(mask > 0, clean, known), guided)

    def begun(self, noise: Tensor, much: float) -> Tensor:
        """What drawing begins with: noise; where there is a guide, that and as `much` noise."""
        guided = self.guided.view(-1, 1, 1, 1, 1)
        return torch.where(guided, self.latents + much * noise, noise)

    def joined(self, noisy: Tensor) -> Tensor:
        """What goes into the transformer beside noisy latents: (n, 2 × channels + 1, …)."""
        return torch.cat([noisy, self.mask, self.latents], dim=1)
