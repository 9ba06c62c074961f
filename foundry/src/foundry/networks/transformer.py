"""The transformer: a stock ZImageTransformer2DModel of a size that a CPU can train."""

from typing import cast

from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel
from pydantic import Field, model_validator
from torch import nn

from foundry.recipe import Recipe


class TransformerShape(Recipe):
    """`width` features in `heads` heads, `layers` joint blocks, `refiners` for each of picture
    and text before them. Widths whose 8/3 is a multiple of 16 are fastest: 192, 240, 288, 384.
    """

    width: int = Field(ge=32)
    heads: int = Field(ge=1)
    layers: int = Field(ge=1)
    refiners: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _heads_fit(self) -> "TransformerShape":
        if self.width % (self.heads * 8):
            raise ValueError("width must be a multiple of 8 × heads")
        return self


def build_transformer(
    shape: TransformerShape, latent_channels: int, text_width: int
) -> ZImageTransformer2DModel:
    """A fresh network whose blocks do nothing yet (adaLN-zero: Peebles and Xie, DiT, 2023)."""
    head = shape.width // shape.heads
    line = head // 4
    network = ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=latent_channels,
        dim=shape.width,
        n_layers=shape.layers,
        n_refiner_layers=shape.refiners,
        n_heads=shape.heads,
        n_kv_heads=shape.heads,
        cap_feat_dim=text_width,
        axes_dims=[head - 2 * ((head - line) // 4 * 2), *[(head - line) // 4 * 2] * 2],
        axes_lens=[576, 64, 64],
    )
    for name, module in network.named_modules():
        if isinstance(module, nn.Linear) and "adaLN" in name:
            nn.init.zeros_(module.weight)
            nn.init.zeros_(module.bias)
    final = cast(nn.Linear, network.all_final_layer["2-1"].linear)
    nn.init.zeros_(final.weight)
    nn.init.zeros_(final.bias)
    return network
