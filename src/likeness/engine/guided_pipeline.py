"""Wan's pipeline from picture to video, told roughly what each picture is to show."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline
from PIL import Image
from torch import Tensor


class GuidedPipeline(WanImageToVideoPipeline):
    """The stock pipeline, with the latents of a guide where it has those of grey pictures: the
    transformer is told by the mask that they are not what is to be seen, but what it is like.

    It begins with the guide under a little noise, not with noise alone: flow matching goes from
    any distribution to another (Liu et al., "Flow Straight and Fast", 2022), and from there it is
    not far.
    """

    _guide: Tensor | None = None
    _given = 1
    _noise = 1.0

    def follow(
        self, guide: Sequence[Image.Image] | None, noise: float = 1.0, given: int = 1
    ) -> None:
        """Have the clips to come be like so many pictures of their size, of which the first `given`
        are what is to be seen, and begin with them and as much `noise`; or be like nothing."""
        self._given, self._noise = given, noise
        if guide is None:
            self._guide = None
            return
        pixels = np.stack([np.asarray(picture.convert("RGB")) for picture in guide])
        self._guide = torch.from_numpy(pixels).permute(3, 0, 1, 2)[None].float() / 127.5 - 1

    @torch.no_grad()
    def prepare_latents(self, *inputs: Any, **named: Any) -> tuple[Tensor, Tensor]:
        """Noise, and the mask and latents of what is known, as the stock pipeline has them."""
        latents, condition = super().prepare_latents(*inputs, **named)
        if self._guide is None:
            return latents, condition
        vae = cast(Any, self).vae
        clip = self._guide.to(vae.device, vae.dtype)
        mean, spread = (
            torch.tensor(one).view(1, -1, 1, 1, 1).to(condition)
            for one in (vae.config.latents_mean, vae.config.latents_std)
        )
        guide = (vae.encode(clip).latent_dist.mode().to(condition) - mean) / spread
        channels = guide.shape[1]
        mask, known = condition[:, :-channels], condition[:, -channels:]
        known = torch.where(mask.amin(dim=1, keepdim=True) > 0, known, guide)
        mask[:, :, : self._given] = 1
        return known + self._noise * latents, torch.cat([mask, known], dim=1)
