"""A base that no training has touched: tiny, random, of other sizes than mini, made in a second.

It stands for every base that is not mini: what works on both is not made for one of them.
"""

import json
from pathlib import Path
from typing import Any, TypeVar

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.transformers.transformer_z_image import ZImageTransformer2DModel
from diffusers.pipelines.z_image.pipeline_z_image import ZImagePipeline
from diffusers.schedulers.scheduling_flow_match_euler_discrete import (
    FlowMatchEulerDiscreteScheduler,
)
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

Network = TypeVar("Network", bound=nn.Module)

WORDS = (
    "photo of a person, a 30 year old woman with brown eyes, a man with blue eyes, "
    "wearing a red shirt, at the beach, in a city at night, in front of a plain white background"
)
TEMPLATE = "{% for message in messages %}<|user|>{{ message['content'] }}<|end|>{% endfor %}"

MANIFEST: dict[str, Any] = {
    "name": "tiny",
    "title": "Tiny random base",
    "licence": "Apache-2.0",
    "family": "zimage",
    "resolution": 64,
    "size_multiple": 8,
    "sampling": {"steps": 4, "guidance": 2.0, "max_steps": 8},
    "training": {
        "resolution": 64,
        "steps": 8,
        "batch_size": 2,
        "rank": 4,
        "alpha": 8,
        "learning_rate": 0.02,
        "warmup_steps": 1,
        "checkpoint_every": 3,
        "crops": [2.0, 3.0],
        "seed": 7,
    },
}


def build_tiny_base(folder: Path) -> Path:
    """Write a diffusers folder with a manifest into `folder` (3 MB) and return it.

    A ZImagePipeline of 64 px pictures, with an autoencoder of factor 4 and 8 channels. The same
    call gives the same bytes.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        tokenizer = tiny_tokenizer()
        pipeline = ZImagePipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(shift=1.0),
            vae=_awake(_autoencoder()),
            text_encoder=_awake(_text_encoder(len(tokenizer))),
            tokenizer=tokenizer,  # type: ignore[arg-type] # declared as the factory AutoTokenizer
            transformer=_awake(_transformer()),
        )
    pipeline.save_pretrained(str(folder))
    (folder / "manifest.json").write_text(json.dumps(MANIFEST, indent=2), "utf-8")
    return folder


def with_steps(folder: Path, *, training: int, checkpoint_every: int, sampling: int = 8) -> Path:
    """Let a base train and sample in so many steps; returns its folder."""
    path = folder / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    manifest["training"].update(steps=training, checkpoint_every=checkpoint_every)
    manifest["sampling"].update(steps=sampling, max_steps=sampling)
    path.write_text(json.dumps(manifest, indent=2), "utf-8")
    return folder


def _awake(network: Network) -> Network:
    with torch.no_grad():
        for weight in network.parameters():
            if not weight.any():  # zeros would hide what a random LoRA does
                weight.normal_(std=0.05)
    return network.eval()


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<|pad|>", "<|user|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([WORDS], trainer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<|pad|>", model_max_length=192
    )
    wrapped.chat_template = TEMPLATE
    wrapped.padding_side = "right"
    return wrapped


def _text_encoder(vocabulary: int) -> Qwen3Model:
    return Qwen3Model(
        Qwen3Config(
            vocab_size=vocabulary,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=16,
            max_position_embeddings=192,
            pad_token_id=0,
        )
    )


def _transformer() -> ZImageTransformer2DModel:
    return ZImageTransformer2DModel(
        in_channels=8,
        dim=64,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=32,
        axes_dims=[8, 12, 12],
        axes_lens=[160, 32, 32],
    )


def _autoencoder() -> AutoencoderKL:
    make: Any = AutoencoderKL  # its signature declares tuples of length 1
    autoencoder: AutoencoderKL = make(
        block_out_channels=(8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        layers_per_block=1,
        latent_channels=8,
        norm_num_groups=4,
        mid_block_add_attention=False,
        use_quant_conv=False,
        use_post_quant_conv=False,
        scaling_factor=0.8,
        shift_factor=0.1,
    )
    last: Any = autoencoder.decoder.conv_out
    with torch.no_grad():
        last.weight.mul_(3)  # contrast, so that two pictures can be told apart
    return autoencoder
