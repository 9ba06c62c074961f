"""The trained parts as the pipeline that makes videos of a picture."""

from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler
from PIL import Image
from torch import Tensor
from transformers import PreTrainedTokenizerFast, UMT5EncoderModel

from foundry.dataset import Pixels
from foundry.networks.fast_wan import TEXT_PLACES
from foundry.networks.requests import request_states
from foundry.pictures import float_pixels
from likeness.engine.guided_pipeline import GuidedPipeline


def build_pipeline(
    autoencoder: AutoencoderKLWan,
    transformer: WanTransformer3DModel,
    encoder: UMT5EncoderModel,
    tokenizer: PreTrainedTokenizerFast,
    shift: float,
) -> GuidedPipeline:
    """`shift`: of the noise left, `shift` n / (1 + (`shift` − 1) n) instead of n at each step."""
    scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
    )
    make: Any = GuidedPipeline  # parts that it can do without are declared as needed
    pipeline = make(
        tokenizer=tokenizer,
        text_encoder=encoder,
        vae=autoencoder,
        scheduler=scheduler,
        transformer=transformer,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


@torch.no_grad()
def draw_clip(
    pipeline: GuidedPipeline,
    text: str,
    guide: Pixels,
    noise: float,
    last: Pixels | None,
    steps: int,
    guidance: float,
    seed: int,
) -> Pixels:
    """A clip (frames, size, size, 3) that begins as its guide, is like it, and ends as `last`, if
    given."""
    untyped: Any = pipeline
    pipeline.follow([Image.fromarray(frame) for frame in guide], noise)
    # The pipeline mends wrongly decoded text with a package of its own; ours is right.
    said, unsaid = (_states(untyped, words) for words in (text, ""))
    drawn = untyped(
        image=Image.fromarray(guide[0]),
        last_image=None if last is None else Image.fromarray(last),
        prompt_embeds=said,
        negative_prompt_embeds=unsaid,
        height=guide.shape[1],
        width=guide.shape[2],
        num_frames=len(guide) - 1,  # to which it adds one, where each frame has latents of its own
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=torch.Generator().manual_seed(seed),
        output_type="np",
    )
    return float_pixels(drawn.frames[0])


def _states(pipeline: Any, text: str) -> Tensor:
    device = next(pipeline.text_encoder.parameters()).device
    return request_states(pipeline.text_encoder, pipeline.tokenizer, [text], TEXT_PLACES, device)
