"""Wan's transformer for training: the stock weights, fewer and larger operations.

The stock class turns queries and keys through strided copies, keeps every small step apart, and
lets each token look at 512 places of text, of which all but a few are the same padding. Here the
halves of a head are turned whole, what stands between products can be compiled, and padding is
one place that counts as often as it is there. The same weights give the same numbers
(tests/foundry/networks/test_fast_wan.py), at a third of the time (benchmarks/fast_motion.py).
"""

from math import log
from typing import Any

import torch
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from torch import Tensor, nn
from torch.nn.functional import layer_norm, linear, rms_norm, scaled_dot_product_attention

PATCH = 2
MANY = 512
"""Keys from which attention is faster as torch has it, on a CPU."""
TEXT_PLACES = 512
"""How many places of text the pipeline gives the transformer, whatever the prompt."""


class FastWan(nn.Module):
    """Runs `stock` on clips of one shape; owns nothing, so training it trains `stock`.

    `compiled` fuses what stands between a block's matrix products; all blocks share it.
    """

    def __init__(self, stock: WanTransformer3DModel, compiled: bool = False) -> None:
        super().__init__()
        self.stock = stock
        self._block = torch.compile(_block, dynamic=False) if compiled else _block

    def forward(self, latents: Tensor, time: Tensor, text: Tensor) -> Tensor:
        """Predict what is to be taken away.

        `latents` (batch, channels, frames, height, width): those to change joined with mask and
        condition, sides even; `time` (batch), 0 = clean, 1000 = all is to be changed; `text`
        (batch, words, features): the beginning of what the pipeline gives, in whose other places up
        to TEXT_PLACES there are zeros. Returns (batch, channels, frames, height, width).
        """
        stock: Any = self.stock
        batch, _, frames, height, width = latents.shape
        rows, columns = height // PATCH, width // PATCH
        turn = _turns(stock, latents)
        x = stock.patch_embedding(latents).flatten(2).transpose(1, 2).float()
        padding = text.new_zeros(batch, 1, text.shape[2])
        moment, modulation, words, _ = stock.condition_embedder(
            time, torch.cat([text, padding], dim=1)
        )
        modulation = modulation.float().unflatten(1, (6, -1))
        more = torch.zeros(words.shape[1], device=words.device)
        more[-1] = log(TEXT_PLACES - text.shape[1])
        for block in stock.blocks:
            x = self._block(block, x, words, more, turn, modulation)
        shift, scale = (stock.scale_shift_table + moment.float().unsqueeze(1)).chunk(2, dim=1)
        output = stock.proj_out(_norm(stock.norm_out, x) * (1 + scale) + shift)
        return (
            output.view(batch, frames, rows, columns, PATCH, PATCH, -1)
            .permute(0, 6, 1, 2, 4, 3, 5)
            .reshape(batch, -1, frames, height, width)
        )


def _turns(stock: Any, latents: Tensor) -> Tensor:
    """Rotations (2, tokens, half a head): cosines, sines."""
    cosines, sines = stock.rope(latents)
    return torch.stack([cosines[0, :, 0, 0::2], sines[0, :, 0, 1::2]]).float()


def _block(
    block: Any, x: Tensor, words: Tensor, more: Tensor, turn: Tensor, modulation: Tensor
) -> Tensor:
    parts = (block.scale_shift_table + modulation).chunk(6, dim=1)
    shift, scale, gate, feed_shift, feed_scale, feed_gate = parts
    mixed = _attend(block.attn1, _norm(block.norm1, x) * (1 + scale) + shift, turn)
    x = x + gate * mixed
    x = x + _read(block.attn2, _norm(block.norm2, x), words, more)
    fed = block.ffn(_norm(block.norm3, x) * (1 + feed_scale) + feed_shift)
    return x + feed_gate * fed


def _attend(attention: Any, x: Tensor, turn: Tensor) -> Tensor:
    heads, width = attention.heads, x.shape[-1]
    # Pairs of neighbours are turned; sorting a head's features into all firsts, then all seconds,
    # leaves every dot product as it was and lets the halves be turned whole.
    order = _halves(heads, width // heads, x.device)
    layers = ((attention.to_q, order), (attention.to_k, order), (attention.to_v, None))
    query, key, value = _project(x, *layers)
    query, key = (
        _turn(rms_norm(part, (width,), norm.weight[order].to(part.dtype), norm.eps), heads, turn)
        for part, norm in ((query, attention.norm_q), (key, attention.norm_k))
    )
    mixed = _mix(query, key, value.unflatten(2, (heads, -1)).transpose(1, 2), None)
    return attention.to_out[0](mixed)


def _read(attention: Any, x: Tensor, words: Tensor, more: Tensor) -> Tensor:
    heads, width = attention.heads, x.shape[-1]
    query = attention.to_q(x)
    key, value = _project(words, (attention.to_k, None), (attention.to_v, None))
    query, key = (
        rms_norm(part, (width,), norm.weight.to(part.dtype), norm.eps)
        for part, norm in ((query, attention.norm_q), (key, attention.norm_k))
    )
    query, key, value = (
        part.unflatten(2, (heads, -1)).transpose(1, 2) for part in (query, key, value)
    )
    return attention.to_out[0](_mix(query, key, value, more))


def _mix(query: Tensor, key: Tensor, value: Tensor, more: Tensor | None) -> Tensor:
    """(batch, heads, tokens, features of a head) to (batch, tokens, features). `more` (keys) is
    added to how near keys are."""
    if query.device.type == "cpu" and key.shape[2] < MANY:
        # Backwards, written out is faster than what torch has for CPUs.
        nearness = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if more is not None:
            nearness = nearness + more
        mixed = nearness.softmax(-1).to(value.dtype) @ value
    else:
        mask = None if more is None else more.to(query.dtype).view(1, 1, 1, -1)
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return mixed.transpose(1, 2).flatten(2)


def _project(x: Tensor, *layers: tuple[Any, Tensor | None]) -> tuple[Tensor, ...]:
    """What linear layers of one size make of `x`, by one product; beside each layer, the order in
    which its output is wanted."""
    weights = [_ordered(layer.weight, order) for layer, order in layers]
    biases = [_ordered(layer.bias, order) for layer, order in layers]
    return linear(x, torch.cat(weights), torch.cat(biases)).chunk(len(layers), dim=-1)


def _ordered(weight: Tensor, order: Tensor | None) -> Tensor:
    return weight if order is None else weight[order]


def _norm(norm: Any, x: Tensor) -> Tensor:
    return layer_norm(x, x.shape[-1:], norm.weight, norm.bias, norm.eps)


def _halves(heads: int, width: int, device: torch.device) -> Tensor:
    one = torch.cat([torch.arange(0, width, 2), torch.arange(1, width, 2)])
    return (torch.arange(heads)[:, None] * width + one).flatten().to(device)


def _turn(x: Tensor, heads: int, turn: Tensor) -> Tensor:
    """(batch, tokens, features), ordered in halves, to (batch, heads, tokens, …), turned."""
    x = x.unflatten(2, (heads, -1)).transpose(1, 2)
    cosine, sine = turn.to(x.dtype).unbind(0)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
