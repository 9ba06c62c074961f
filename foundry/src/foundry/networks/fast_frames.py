"""The autoencoder of clips for training: the stock weights, on a whole clip at once.

The stock class goes through a clip four frames at a time and keeps what its convolutions saw
last, and its norms take more time than its convolutions. Convolutions that look back only are the
same on all frames at once. The same weights give the same numbers
(tests/foundry/networks/test_fast_frames.py; benchmarks/fast_motion.py).
"""

from collections.abc import Callable
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import (
    AutoencoderKLWan,
    patchify,
    unpatchify,
)
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv3d, interpolate, pad, silu

from foundry.networks.frames import PATCH


class FastFrames:
    """Runs `stock` on whole clips; owns nothing, so training it trains `stock`.

    `compiled` fuses what stands between the convolutions.
    """

    def __init__(self, stock: AutoencoderKLWan, compiled: bool = False) -> None:
        self._stock: Any = stock
        self._calm = torch.compile(_calm, dynamic=True) if compiled else _calm

    def encode(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the latents (n, channels, moments, side, side) of clips
        (n, 3, frames, height, width) in −1..1: of 5 frames, or 9, or 13, and so on."""
        encoder = self._stock.encoder
        folded = patchify(clips, PATCH).contiguous(memory_format=torch.channels_last_3d)
        x = _convolve(encoder.conv_in, folded)
        for block in encoder.down_blocks:
            around = block.avg_shortcut(x)
            for layer in block.resnets:
                x = self._residual(layer, x)
            if block.downsampler is not None:
                x = _down(block.downsampler, x)
            x = x + around
        x = self._normed(encoder.norm_out, self._middle(encoder.mid_block, x))
        encoded = self._stock.quant_conv(_convolve(encoder.conv_out, x))
        mean, log_variance = encoded.float().chunk(2, dim=1)
        return mean, log_variance.clamp(-30, 20)

    def decode(self, latents: Tensor) -> Tensor:
        """Latents to clips; values may lie a little beyond −1..1, where the stock class cuts."""
        decoder = self._stock.decoder
        latents = latents.contiguous(memory_format=torch.channels_last_3d)
        x = _convolve(decoder.conv_in, self._stock.post_quant_conv(latents))
        x = self._middle(decoder.mid_block, x)
        for block in decoder.up_blocks:
            before = x
            for layer in block.resnets:
                x = self._residual(layer, x)
            if block.upsampler is not None:
                around = block.avg_shortcut(before, first_chunk=True)
                x = _up(block.upsampler, x) + around
        x = _convolve(decoder.conv_out, self._normed(decoder.norm_out, x))
        return unpatchify(x, PATCH).float()

    def _middle(self, block: Any, x: Tensor) -> Tensor:
        x = _attend(block.attentions[0], self._residual(block.resnets[0], x))
        return self._residual(block.resnets[1], x)

    def _residual(self, block: Any, x: Tensor) -> Tensor:
        y = _convolve(block.conv1, self._normed(block.norm1, x))
        y = _convolve(block.conv2, self._normed(block.norm2, y))
        return y + block.conv_shortcut(x)

    def _normed(self, norm: Any, x: Tensor) -> Tensor:
        rows = x.permute(0, 2, 3, 4, 1)
        calm = self._calm(rows.reshape(-1, rows.shape[-1]), norm.gamma.flatten())
        return calm.view(rows.shape).permute(0, 4, 1, 2, 3)


def _calm(rows: Tensor, gamma: Tensor) -> Tensor:
    """Rows of features divided by their root mean square, scaled, and their sigmoid's share."""
    return silu(_divided(rows) * gamma).to(rows.dtype)


def _divided(rows: Tensor) -> Tensor:
    whole = rows.float()
    return whole * whole.square().mean(-1, keepdim=True).clamp_min(1e-24).rsqrt()


def _convolve(layer: Any, x: Tensor) -> Tensor:
    """A convolution in time and space that sees no later frame; no earlier one is zeros."""
    across, _, down, _, before, _ = layer._padding
    x = pad(x, (0, 0, 0, 0, before, 0))
    return conv3d(x, layer.weight, layer.bias, layer.stride, (0, down, across))


def _down(layer: Any, x: Tensor) -> Tensor:
    """Half the side; and, but for the first moment, half the moments."""
    smaller = layer.resample[1]

    def shrink(frames: Tensor) -> Tensor:
        return conv2d(pad(frames, (0, 1, 0, 1)), smaller.weight, smaller.bias, smaller.stride)

    x = _each_frame(shrink, x)
    return torch.cat([x[:, :, :1], _convolve(layer.time_conv, x)], dim=2)


def _up(layer: Any, x: Tensor) -> Tensor:
    """Twice the side; and, but for the first moment, twice the moments."""
    later = _convolve(layer.time_conv, x[:, :, 1:])
    # Each moment's two halves of channels are the two moments that it becomes.
    later = later.unflatten(1, (2, -1)).permute(0, 2, 3, 1, 4, 5).flatten(2, 3)
    x = torch.cat([x[:, :, :1], later], dim=2)
    return _each_frame(lambda frames: layer.resample[1](interpolate(frames, scale_factor=2.0)), x)


def _attend(block: Any, x: Tensor) -> Tensor:
    """Within each frame, places look at one another."""
    count, channels, moments, height, width = x.shape
    places = x.permute(0, 2, 3, 4, 1).reshape(count * moments, height * width, channels)
    normed = (_divided(places) * block.norm.gamma.flatten()).to(x.dtype)
    query, key, value = _pointwise(block.to_qkv, normed).chunk(3, dim=-1)
    # Backwards, written out is faster than what torch has for CPUs.
    nearness = query @ key.transpose(-1, -2) * channels**-0.5
    mixed = _pointwise(block.proj, nearness.softmax(-1).to(value.dtype) @ value)
    return x + mixed.view(count, moments, height, width, channels).permute(0, 4, 1, 2, 3)


def _pointwise(layer: Any, rows: Tensor) -> Tensor:
    return nn.functional.linear(rows, layer.weight.flatten(1), layer.bias)


def _each_frame(work: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    count, moments = x.shape[0], x.shape[2]
    frames = work(x.transpose(1, 2).flatten(0, 1))
    return frames.unflatten(0, (count, moments)).transpose(1, 2)
