"""The autoencoder: a stock AutoencoderKL of a size that a CPU can train."""

import math
from collections.abc import Callable
from typing import Any, cast

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from pydantic import Field
from torch import Tensor, nn

from foundry.recipe import Recipe


class AutoencoderShape(Recipe):
    """`widths` per level: n levels reduce the sides by 2 ** (n − 1)."""

    widths: tuple[int, ...] = Field(min_length=2)
    layers: int = Field(default=1, ge=1)
    latent_channels: int = Field(ge=4)


def build_autoencoder(shape: AutoencoderShape, size: int) -> AutoencoderKL:
    levels = len(shape.widths)
    # diffusers types the tuples below as if they had one entry.
    make = cast(Callable[..., AutoencoderKL], AutoencoderKL)
    return make(
        block_out_channels=shape.widths,
        layers_per_block=shape.layers,
        latent_channels=shape.latent_channels,
        norm_num_groups=8,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        mid_block_add_attention=False,
        use_quant_conv=False,
        use_post_quant_conv=False,
        sample_size=size,
        scaling_factor=1.0,
        shift_factor=0.0,
    )


class _Float32GroupNorm(nn.GroupNorm):
    # On a CPU the backward pass of a bfloat16 group norm takes three times that of a float32 one.
    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.float())


def train_norms_in_float32(network: nn.Module) -> None:
    """Same weights, same names; under autocast the next convolution goes back to bfloat16."""
    for module in network.modules():
        if type(module) is nn.GroupNorm:
            module.__class__ = _Float32GroupNorm


def encode(vae: AutoencoderKL, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and log-variance of the latents."""
    mean, log_variance = cast(Tensor, vae.encoder(pixels)).float().chunk(2, dim=1)
    return mean, log_variance.clamp(-30, 20)


def decode(vae: AutoencoderKL, latents: Tensor) -> Tensor:
    return cast(Tensor, vae.decoder(latents)).float()


def noisy(mean: Tensor, log_variance: Tensor, generator: torch.Generator) -> Tensor:
    noise = torch.randn(mean.shape, generator=generator).to(mean.device)
    return mean + torch.exp(0.5 * log_variance) * noise


@torch.no_grad()
def scale_latents(vae: AutoencoderKL, deviation: float) -> None:
    """Fold a division of all latents by `deviation` into the weights.

    The autoencoder decodes what it encodes as before. All channels are divided alike: those that
    matter more keep their greater spread, so that noise hides them last.
    """
    out: Any = vae.encoder.conv_out
    into: Any = vae.decoder.conv_in
    channels = into.in_channels
    out.weight[:channels] /= deviation
    out.bias[:channels] /= deviation
    out.bias[channels:] -= 2 * math.log(deviation)
    into.weight *= deviation
