"""The autoencoder of clips: a stock AutoencoderKLWan that knows one frame at a time.

Latents that several frames share must say what has changed within them, and at eight frames a
second a face does not fit into that: what moves fast is smeared. So every frame has latents of its
own, and is encoded and decoded as if there were no others.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from pydantic import Field
from torch import Tensor, nn

from foundry.recipe import Recipe

PATCH = 2
SHRINKS = 8
"""A frame's side by that of its latents."""


class FramesShape(Recipe):
    """`width` features at a half, a quarter and an eighth of a frame's side; multiples of 16 are
    fastest.

    As in Wan 2.2, pixels come in squares of four, because layers at a frame's full size would cost
    more than all others together, and what each level gets goes around it, which makes it learn
    in half the steps.
    """

    width: int = Field(ge=8, multiple_of=2)
    layers: int = Field(default=1, ge=1)
    latent_channels: int = Field(ge=4)


def build_frames(shape: FramesShape) -> AutoencoderKLWan:
    """A fresh network whose convolutions see nothing of earlier frames; those weights are zero,
    and stay so in training (likeness/engine/fast_frames.py)."""
    # diffusers types what it registers in the configuration by its defaults.
    make = cast(Callable[..., AutoencoderKLWan], AutoencoderKLWan)
    vae = make(
        base_dim=shape.width // 2,
        dim_mult=[2, 2, 2],
        num_res_blocks=shape.layers,
        z_dim=shape.latent_channels,
        temperal_downsample=[False, False],
        is_residual=True,
        in_channels=3 * PATCH**2,
        out_channels=3 * PATCH**2,
        patch_size=PATCH,
        scale_factor_spatial=SHRINKS,
        scale_factor_temporal=1,
        latents_mean=[0.0] * shape.latent_channels,
        latents_std=[1.0] * shape.latent_channels,
    )
    for layer in cast(nn.Module, vae).modules():
        if isinstance(layer, nn.Conv3d):
            layer.weight.data[:, :, :-1] = 0
    return vae


def set_statistics(vae: AutoencoderKLWan, means: Tensor) -> None:
    """Write into the configuration by what the pipeline shifts and divides latents.

    `means` (n, channels, side, side): latents of some frames. Each channel is shifted to a mean of
    0; all are divided by one number: those that matter more keep their greater spread, so that
    noise hides them last.
    """
    centre = means.mean(dim=(0, 2, 3))
    spread = float((means - centre.view(1, -1, 1, 1)).std())
    vae.register_to_config(
        latents_mean=[round(float(one), 6) for one in centre],
        latents_std=[round(spread, 6)] * len(centre),
    )


def normalised(vae: AutoencoderKLWan, latents: Tensor) -> Tensor:
    """Latents (n, channels, side, side) as the transformer sees them."""
    config: Any = vae.config
    mean, spread = (
        torch.tensor(one, device=latents.device, dtype=latents.dtype).view(1, -1, 1, 1)
        for one in (config.latents_mean, config.latents_std)
    )
    return (latents - mean) / spread


def round_trip(vae: AutoencoderKLWan, clips: Tensor) -> Tensor:
    """Clips (n, 3, frames, height, width) in −1..1, encoded and decoded as a pipeline does it."""
    untyped: Any = vae
    return untyped.decode(untyped.encode(clips).latent_dist.mode()).sample
