"""The autoencoder of clips: the stock weights, on many frames at once.

The stock class goes through a clip four frames at a time, keeps what its convolutions saw last,
and multiplies it by zeros; and its norms take more time than its convolutions. Frames that know
nothing of each other are a batch of pictures. The same weights give the same numbers
(tests/engine/test_fast_frames.py; benchmarks/fast_motion.py).
"""

from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import (
    AutoencoderKLWan,
    patchify,
    unpatchify,
)
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, pad, pixel_shuffle, pixel_unshuffle, silu


def knows_frames_alone(stock: AutoencoderKLWan) -> bool:
    """Whether it is one that FastFrames can run: of Wan 2.2's kind, each frame with latents of its
    own, and nothing in its weights that looks at other frames."""
    untyped: Any = stock
    whole = untyped.config.is_residual and untyped.config.scale_factor_temporal == 1
    layers = (layer for layer in untyped.modules() if isinstance(layer, nn.Conv3d))
    return whole and not any(layer.weight[:, :, :-1].any() for layer in layers)


class FastFrames:
    """Runs `stock` on frames; owns nothing, so training it trains `stock`.

    `compiled` fuses what stands between the convolutions.
    """

    def __init__(self, stock: AutoencoderKLWan, compiled: bool = False) -> None:
        self._stock: Any = stock
        self._patch: int = self._stock.config.patch_size
        self._calm = torch.compile(_calm, dynamic=True) if compiled else _calm

    def encode(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the latents (n, channels, side, side) of frames
        (n, 3, height, width) in −1..1."""
        encoder = self._stock.encoder
        x = _convolve(
            encoder.conv_in, _laid_out(patchify(frames.unsqueeze(2), self._patch).squeeze(2))
        )
        for block in encoder.down_blocks:
            around = x
            for layer in block.resnets:
                x = self._residual(layer, x)
            if block.downsampler is not None:
                x = _down(block.downsampler, x)
            x = x + _averaged(block.avg_shortcut, around)
        x = self._normed(encoder.norm_out, self._middle(encoder.mid_block, x))
        encoded = _convolve(self._stock.quant_conv, _convolve(encoder.conv_out, x))
        mean, log_variance = encoded.float().chunk(2, dim=1)
        return mean, log_variance.clamp(-30, 20)

    def decode(self, latents: Tensor) -> Tensor:
        """Latents to frames; values may lie a little beyond −1..1, where the stock class cuts."""
        decoder = self._stock.decoder
        x = _convolve(decoder.conv_in, _convolve(self._stock.post_quant_conv, _laid_out(latents)))
        x = self._middle(decoder.mid_block, x)
        for block in decoder.up_blocks:
            before = x
            for layer in block.resnets:
                x = self._residual(layer, x)
            if block.upsampler is not None:
                x = _up(block.upsampler, x) + _doubled(block.avg_shortcut, before)
        x = _convolve(decoder.conv_out, self._normed(decoder.norm_out, x))
        return unpatchify(x.unsqueeze(2), self._patch).squeeze(2).float()

    def _middle(self, block: Any, x: Tensor) -> Tensor:
        x = _attend(block.attentions[0], self._residual(block.resnets[0], x))
        return self._residual(block.resnets[1], x)

    def _residual(self, block: Any, x: Tensor) -> Tensor:
        y = _convolve(block.conv1, self._normed(block.norm1, x))
        y = _convolve(block.conv2, self._normed(block.norm2, y))
        around = block.conv_shortcut
        return y + (x if isinstance(around, nn.Identity) else _convolve(around, x))

    def _normed(self, norm: Any, x: Tensor) -> Tensor:
        rows = x.permute(0, 2, 3, 1)
        calm = self._calm(rows.reshape(-1, rows.shape[-1]), norm.gamma.flatten())
        return calm.view(rows.shape).permute(0, 3, 1, 2)


def _calm(rows: Tensor, gamma: Tensor) -> Tensor:
    """Rows of features divided by their root mean square, scaled, and their sigmoid's share."""
    return silu(_divided(rows) * gamma).to(rows.dtype)


def _divided(rows: Tensor) -> Tensor:
    whole = rows.float()
    return whole * whole.square().mean(-1, keepdim=True).clamp_min(1e-24).rsqrt()


def _laid_out(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def _convolve(layer: Any, x: Tensor) -> Tensor:
    """What a convolution in time and space makes of a frame that has none before it."""
    return conv2d(x, layer.weight[:, :, -1], layer.bias, padding=layer.weight.shape[-1] // 2)


def _down(layer: Any, x: Tensor) -> Tensor:
    smaller = layer.resample[1]
    return conv2d(pad(x, (0, 1, 0, 1)), smaller.weight, smaller.bias, smaller.stride)


def _up(layer: Any, x: Tensor) -> Tensor:
    larger = layer.resample[1]
    return conv2d(interpolate(x, scale_factor=2.0), larger.weight, larger.bias, padding=1)


def _averaged(around: Any, x: Tensor) -> Tensor:
    """The way around a level of the encoder."""
    squares = pixel_unshuffle(x, around.factor_s)
    return squares.unflatten(1, (around.out_channels, around.group_size)).mean(dim=2)


def _doubled(around: Any, x: Tensor) -> Tensor:
    """The way around a level of the decoder."""
    return pixel_shuffle(x.repeat_interleave(around.repeats, dim=1), around.factor_s)


def _attend(block: Any, x: Tensor) -> Tensor:
    """Places look at one another."""
    count, channels, height, width = x.shape
    places = x.permute(0, 2, 3, 1).reshape(count, height * width, channels)
    normed = (_divided(places) * block.norm.gamma.flatten()).to(x.dtype)
    query, key, value = _pointwise(block.to_qkv, normed).chunk(3, dim=-1)
    # Backwards, written out is faster than what torch has for CPUs.
    nearness = query @ key.transpose(-1, -2) * channels**-0.5
    mixed = _pointwise(block.proj, nearness.softmax(-1).to(value.dtype) @ value)
    return x + mixed.view(count, height, width, channels).permute(0, 3, 1, 2)


def _pointwise(layer: Any, rows: Tensor) -> Tensor:
    return nn.functional.linear(rows, layer.weight.flatten(1), layer.bias)
