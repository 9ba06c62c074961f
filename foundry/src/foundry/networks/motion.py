"""The transformer of clips: a stock WanTransformer3DModel of a size that a CPU can train."""

from typing import Any

from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from pydantic import Field, model_validator
from torch import nn

from foundry.networks.fast_wan import PATCH
from foundry.recipe import Recipe

TIME_FEATURES = 256
LONGEST = 64
"""Places along each axis that the network can tell apart."""


class MotionShape(Recipe):
    """`width` features in `heads` heads, `layers` blocks, `hidden` features in their feed-forward
    parts. Heads of 48 features have 16 for each axis."""

    width: int = Field(ge=16)
    heads: int = Field(ge=1)
    layers: int = Field(ge=1)
    hidden: int = Field(ge=16)

    @model_validator(mode="after")
    def _heads_fit(self) -> "MotionShape":
        if self.width % (self.heads * 6):
            raise ValueError("width must be a multiple of 6 × heads")
        return self


def build_motion(
    shape: MotionShape, latent_channels: int, text_width: int
) -> WanTransformer3DModel:
    """A fresh network whose blocks do nothing yet (adaLN-zero: Peebles and Xie, DiT, 2023).

    It takes latents, a mask and latents of known frames together, as Wan 2.2's does, and no
    embedding of the picture by another network.
    """
    network = WanTransformer3DModel(
        patch_size=(1, PATCH, PATCH),
        num_attention_heads=shape.heads,
        attention_head_dim=shape.width // shape.heads,
        in_channels=2 * latent_channels + 1,
        out_channels=latent_channels,
        text_dim=text_width,
        freq_dim=TIME_FEATURES,
        ffn_dim=shape.hidden,
        num_layers=shape.layers,
        rope_max_seq_len=LONGEST,
    )
    untyped: Any = network
    silent: list[nn.Linear] = [untyped.condition_embedder.time_proj, untyped.proj_out]
    for block in untyped.blocks:
        # What is read of the text has no gate of its own.
        silent.append(block.attn2.to_out[0])
        nn.init.zeros_(block.scale_shift_table)
    for layer in silent:
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
    return network
