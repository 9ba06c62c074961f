"""A video pipeline that no training has touched: of Wan's class, tiny and random."""

from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline
from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)
from tests.support.tiny_base import tiny_tokenizer
from torch import nn
from transformers import UMT5Config, UMT5EncoderModel

WIDTH = 32


def tiny_frames() -> AutoencoderKLWan:
    """An autoencoder of pictures that know nothing of each other, with weights of some size."""
    make: Any = AutoencoderKLWan
    vae = make(
        base_dim=4,
        z_dim=16,
        dim_mult=[2, 2, 2],
        num_res_blocks=1,
        temperal_downsample=[False, False],
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=8,
        scale_factor_temporal=1,
    ).eval()
    for layer in vae.modules():
        if isinstance(layer, nn.Conv3d):
            layer.weight.data[:, :, :-1] = 0
    return vae


def _tiny_folding() -> AutoencoderKLWan:
    make: Any = AutoencoderKLWan
    return make(
        base_dim=3,
        z_dim=16,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        scale_factor_temporal=4,
    ).eval()


def build_tiny_wan(folder: Path, folded: bool = True) -> Path:
    """Write a diffusers folder with a WanImageToVideoPipeline into `folder` and return it; either
    four pictures are folded into one latent moment, or each has its own."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        tokenizer = tiny_tokenizer()
        make: Any = WanImageToVideoPipeline  # parts that it can do without are declared as needed
        pipeline = make(
            tokenizer=tokenizer,
            text_encoder=UMT5EncoderModel(
                UMT5Config(
                    vocab_size=len(tokenizer),
                    d_model=WIDTH,
                    d_kv=8,
                    d_ff=37,
                    num_layers=1,
                    num_heads=4,
                )
            ).eval(),
            vae=_tiny_folding() if folded else tiny_frames(),
            scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
            transformer=WanTransformer3DModel(
                patch_size=(1, 2, 2),
                num_attention_heads=2,
                attention_head_dim=12,
                in_channels=36 if folded else 33,
                out_channels=16,
                text_dim=WIDTH,
                freq_dim=32,
                ffn_dim=WIDTH,
                num_layers=2,
                rope_max_seq_len=64,
            ).eval(),
        )
    pipeline.save_pretrained(str(folder))
    return folder
