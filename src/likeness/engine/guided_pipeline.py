"""Wan's pipeline from picture to video, told roughly what each picture is to show."""

import logging
from typing import Any, cast

import numpy as np
import torch
from diffusers.pipelines.wan import pipeline_wan_i2v
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from likeness.engine.between import Pixels
from likeness.engine.fast_frames import FastFrames

Floats = NDArray[np.float32]

# It would warn of every number of pictures where each has latents of its own.
logging.getLogger(pipeline_wan_i2v.__name__).addFilter(
    lambda record: "num_frames" not in record.getMessage()
)


class GuidedPipeline(pipeline_wan_i2v.WanImageToVideoPipeline):
    """The stock pipeline, told by a guide what is to be seen, and by the mask how much of that is
    known; the rest it paints.

    It begins with the guide and not with noise: flow matching goes from any distribution to another
    (Liu et al., "Flow Straight and Fast", 2022), and from there it is one step.
    """

    _guide: Tensor
    _known: Tensor

    @torch.no_grad()
    def corrections(self, text: Tensor, guide: Pixels, new: Floats) -> Floats:
        """By how much the colours of a guide (pictures, height, width, 3) are to change, of 255,
        where it is `new` (pictures, height, width), from 0 to 1; elsewhere they mean little.

        `text` is what the transformer reads of the prompt. What the autoencoder loses is lost on
        both sides, and so it is not in the difference.
        """
        untyped: Any = self
        self._guide = self._encoded(guide)
        known = torch.from_numpy(1 - new)[None].to(self._guide)
        rows, columns = self._guide.shape[-2:]
        self._known = adaptive_avg_pool2d(known, (rows, columns))[None]
        painted = untyped(
            image=Image.fromarray(guide[0]),
            prompt_embeds=text,
            negative_prompt_embeds=text,
            height=guide.shape[1],
            width=guide.shape[2],
            num_frames=len(guide),
            num_inference_steps=1,
            guidance_scale=1.0,
            output_type="latent",
        ).frames
        return 127.5 * (self._decoded(painted) - self._decoded(self._guide))

    def prepare_latents(self, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """The guide to begin with; and how much of it is known, and itself, for what is known."""
        return self._guide, torch.cat([self._known, self._guide], dim=1)

    def _encoded(self, guide: Pixels) -> Tensor:
        vae = cast(Any, self).vae
        pictures = torch.from_numpy(guide).to(vae.device).permute(0, 3, 1, 2)
        mean, spread = self._statistics()
        latents, _ = FastFrames(vae).encode((pictures / 127.5 - 1).to(vae.dtype))
        return ((latents - mean) / spread).transpose(0, 1)[None]

    def _decoded(self, latents: Tensor) -> Floats:
        """Pictures (pictures, height, width, 3) in −1..1."""
        mean, spread = self._statistics()
        pictures = FastFrames(cast(Any, self).vae).decode(
            latents[0].transpose(0, 1) * spread + mean
        )
        return pictures.clamp(-1, 1).permute(0, 2, 3, 1).cpu().numpy()

    def _statistics(self) -> tuple[Tensor, Tensor]:
        """The mean and the spread of each channel of latents."""
        vae = cast(Any, self).vae
        mean, spread = (
            torch.tensor(one, dtype=vae.dtype, device=vae.device).view(1, -1, 1, 1)
            for one in (vae.config.latents_mean, vae.config.latents_std)
        )
        return mean, spread
