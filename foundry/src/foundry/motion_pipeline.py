"""The trained parts as the pipeline that makes videos of a picture."""

from typing import Any

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)
from transformers import PreTrainedTokenizerFast, UMT5EncoderModel

from foundry.dataset import Pixels
from foundry.networks.fast_wan import TEXT_PLACES
from foundry.networks.requests import request_states
from likeness.engine.guided_pipeline import GuidedPipeline


def build_pipeline(
    autoencoder: AutoencoderKLWan,
    transformer: WanTransformer3DModel,
    encoder: UMT5EncoderModel,
    tokenizer: PreTrainedTokenizerFast,
) -> GuidedPipeline:
    """One step of its scheduler goes all the way."""
    make: Any = GuidedPipeline  # parts that it can do without are declared as needed
    pipeline = make(
        tokenizer=tokenizer,
        text_encoder=encoder,
        vae=autoencoder,
        scheduler=FlowMatchEulerDiscreteScheduler(),
        transformer=transformer,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@torch.no_grad()
def paint_guide(pipeline: GuidedPipeline, text: str, guide: Pixels) -> Pixels:
    """A guide (frames, size, size, 4), whose fourth channel says how much is new, with that
    painted: (frames, size, size, 3)."""
    parts: Any = pipeline
    device = next(parts.text_encoder.parameters()).device
    states = request_states(parts.text_encoder, parts.tokenizer, [text], TEXT_PLACES, device)
    colours = np.ascontiguousarray(guide[..., :3])
    new = guide[..., 3].astype(np.float32) / np.float32(255)
    painted = colours + new[..., None] * pipeline.corrections(states, colours, new)
    return np.clip(np.rint(painted), 0, 255).astype(np.uint8)
