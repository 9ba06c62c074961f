"""Z-Image's transformer for batches of one shape: the stock weights, fewer and larger operations.

The stock class takes lists of samples of any size, pads each, and rotates queries and keys as
complex numbers. Pictures of one size with texts of one padded length need none of that. The same
weights, with or without adapters, give the same numbers here (tests/engine/families/
test_fast_zimage.py), at a fraction of the time on a CPU (benchmarks/fast_transformer.py).
"""

from functools import partial
from typing import Any

import torch
from diffusers.models.transformers.transformer_z_image import (
    SEQ_MULTI_OF,
    ZImageTransformer2DModel,
)
from peft.tuners.lora import Linear as LoraLinear
from torch import Tensor, nn
from torch.nn.functional import linear, rms_norm, scaled_dot_product_attention, silu
from torch.utils.checkpoint import checkpoint

PATCH = 2
TEXT_BLOCK = SEQ_MULTI_OF


class FastTransformer(nn.Module):
    """Runs `stock` on whole batches; owns nothing, so training it trains `stock`.

    `compiled` fuses what stands between a block's matrix products. All blocks of one shape share
    what was compiled, so the first step waits for a few blocks, not for the whole network.
    """

    def __init__(self, stock: ZImageTransformer2DModel, compiled: bool = False) -> None:
        super().__init__()
        self.stock = stock
        self._block = torch.compile(_block, dynamic=False) if compiled else _block
        self._rotations: dict[tuple[int, int, int], tuple[Tensor, Tensor]] = {}

    def forward(self, latents: Tensor, time: Tensor, text: Tensor, lengths: Tensor) -> Tensor:
        """Predict clean − noise; see `look_inside`."""
        return self.look_inside(latents, time, text, lengths, 0)[0]

    def look_inside(
        self, latents: Tensor, time: Tensor, text: Tensor, lengths: Tensor, after: int
    ) -> tuple[Tensor, Tensor]:
        """Predict clean − noise, and tell the picture's tokens after so many joint blocks.

        `latents` (batch, channels, height, width), sides even, their patches a multiple of 32;
        `time` (batch), 0 = noise, 1 = clean; `text` (batch, tokens, features) with tokens a
        multiple of 32, of which the first `lengths` (batch) count; every sample must need the same
        number of blocks of 32. Returns the shape of `latents`, and (batch, patches, width).
        """
        stock = self.stock
        batch, channels, height, width = latents.shape
        rows, columns = height // PATCH, width // PATCH
        if rows * columns % TEXT_BLOCK or text.shape[1] % TEXT_BLOCK:
            raise ValueError("patches and text tokens must come in multiples of 32")
        tokens = text.shape[1]
        image_turn, text_turn, joint_turn = self._turns(rows, columns, tokens, latents.device)
        run = self._block
        if stock.gradient_checkpointing and torch.is_grad_enabled():
            run = partial(checkpoint, self._block, use_reentrant=False)

        modulation = stock.t_embedder(time * stock.t_scale)
        patches = (
            latents.view(batch, channels, rows, PATCH, columns, PATCH)
            .permute(0, 2, 4, 3, 5, 1)
            .reshape(batch, rows * columns, PATCH * PATCH * channels)
        )
        image = stock.all_x_embedder["2-1"](patches)
        for block in stock.noise_refiner:
            image = run(block, image, image_turn, modulation)

        words = stock.cap_embedder(text)
        padding = torch.arange(tokens, device=text.device)[None, :] >= lengths[:, None]
        words = torch.where(padding[..., None], stock.cap_pad_token.to(words.dtype), words)
        for block in stock.context_refiner:
            words = run(block, words, text_turn, None)

        joint = torch.cat([image, words], dim=1)
        inside = joint
        for number, block in enumerate(stock.layers, start=1):
            joint = run(block, joint, joint_turn, modulation)
            if number == after:
                inside = joint
        output = stock.all_final_layer["2-1"](joint[:, : rows * columns], c=modulation)
        predicted = (
            output.view(batch, rows, columns, PATCH, PATCH, channels)
            .permute(0, 5, 1, 3, 2, 4)
            .reshape(batch, channels, height, width)
        )
        return predicted, inside[:, : rows * columns]

    def _turns(
        self, rows: int, columns: int, tokens: int, device: torch.device
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Rotations (2, tokens, half a head) of image, text, and both: cosines, sines."""
        key = (rows, columns, tokens)
        if key not in self._rotations or self._rotations[key][0].device != device:
            grid = ZImageTransformer2DModel.create_coordinate_grid(
                (1, rows, columns), (tokens + 1, 0, 0)
            )
            line = ZImageTransformer2DModel.create_coordinate_grid((tokens, 1, 1), (1, 0, 0))
            self._rotations[key] = (
                _rotation(self.stock, grid.flatten(0, 2)).to(device),
                _rotation(self.stock, line.flatten(0, 2)).to(device),
            )
        image, text = self._rotations[key]
        return image, text, torch.cat([image, text], dim=1)


def _rotation(stock: ZImageTransformer2DModel, positions: Tensor) -> Tensor:
    rope = stock.rope_embedder
    tables = rope.precompute_freqs_cis(rope.axes_dims, rope.axes_lens, theta=rope.theta)
    turns = torch.cat([table[positions[:, axis]] for axis, table in enumerate(tables)], dim=-1)
    return torch.stack([turns.real, turns.imag])


def _block(block: Any, x: Tensor, turn: Tensor, modulation: Tensor | None) -> Tensor:
    if modulation is None:
        x = x + _norm(block.attention_norm2, _attend(block, _norm(block.attention_norm1, x), turn))
        return x + _norm(block.ffn_norm2, _feed(block, _norm(block.ffn_norm1, x)))
    scales = block.adaLN_modulation(modulation).unsqueeze(1).chunk(4, dim=2)
    scale_attention, gate_attention, scale_feed, gate_feed = scales
    mixed = _attend(block, _norm(block.attention_norm1, x) * (1 + scale_attention), turn)
    x = x + gate_attention.tanh() * _norm(block.attention_norm2, mixed)
    fed = _feed(block, _norm(block.ffn_norm1, x) * (1 + scale_feed))
    return x + gate_feed.tanh() * _norm(block.ffn_norm2, fed)


def _feed(block: Any, x: Tensor) -> Tensor:
    feed = block.feed_forward
    opened, gate = _project(x, (feed.w1, None), (feed.w3, None))
    return feed.w2(silu(opened) * gate)


def _attend(block: Any, x: Tensor, turn: Tensor) -> Tensor:
    attention = block.attention
    batch, tokens, dim = x.shape
    heads = attention.heads
    # Pairs of neighbours are turned; sorting a head's features into all firsts, then all seconds,
    # leaves every dot product as it was and lets the halves be turned whole.
    order = _halves(heads, dim // heads, x.device)
    projected = _project(
        x, (attention.to_q, order), (attention.to_k, order), (attention.to_v, None)
    )
    query, key, value = (part.view(batch, tokens, heads, -1) for part in projected)
    first = order[: dim // heads]
    query = _turn(_norm(attention.norm_q, query, first), turn).transpose(1, 2)
    key = _turn(_norm(attention.norm_k, key, first), turn).transpose(1, 2)
    value = value.transpose(1, 2)
    if x.device.type == "cpu":
        # So short a sequence fits the caches: written out, this is four times as fast backwards.
        nearness = query @ key.transpose(-1, -2) * (dim // heads) ** -0.5
        mixed = nearness.softmax(-1).to(value.dtype) @ value
    else:
        mixed = scaled_dot_product_attention(query, key, value)
    return attention.to_out[0](mixed.transpose(1, 2).flatten(2))


def _project(x: Tensor, *layers: tuple[Any, Tensor | None]) -> list[Tensor]:
    """What linear layers without biases of one output size make of `x`, by one product; adapters
    that are switched on add theirs. Beside each layer, the order in which its output is wanted."""
    weights = [_ordered(getattr(one, "base_layer", one).weight, order) for one, order in layers]
    outputs = list(linear(x, torch.cat(weights)).chunk(len(layers), dim=-1))
    for number, (layer, order) in enumerate(layers):
        for added in _added(x, layer, order):
            outputs[number] = outputs[number] + added
    return outputs


def _added(x: Tensor, layer: Any, order: Tensor | None) -> list[Tensor]:
    """What each adapter that is on adds to the output of a layer (peft's LoRA layers)."""
    if not isinstance(layer, LoraLinear) or layer.disable_adapters:
        return []
    untyped: Any = layer
    return [
        linear(
            untyped.lora_A[name](x) * untyped.scaling[name],
            _ordered(untyped.lora_B[name].weight, order),
        )
        for name in layer.active_adapters
    ]


def _ordered(weight: Tensor, order: Tensor | None) -> Tensor:
    return weight if order is None else weight[order]


def _norm(norm: Any, x: Tensor, order: Tensor | None = None) -> Tensor:
    weight = norm.weight if order is None else norm.weight[order]
    return rms_norm(x, x.shape[-1:], weight.to(x.dtype), norm.eps)


def _halves(heads: int, width: int, device: torch.device) -> Tensor:
    one = torch.cat([torch.arange(0, width, 2), torch.arange(1, width, 2)])
    return (torch.arange(heads)[:, None] * width + one).flatten().to(device)


def _turn(x: Tensor, turn: Tensor) -> Tensor:
    cosine, sine = turn.to(x.dtype)[:, None, :, None, :].unbind(0)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
