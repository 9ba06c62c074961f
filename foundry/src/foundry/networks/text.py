"""The text encoder: a small stock Qwen3Model with a tokenizer of its own."""

from collections.abc import Iterable, Sequence
from typing import cast

import torch
from pydantic import Field
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

from foundry.recipe import Recipe

PAD, BEGIN = "<|pad|>", "<|begin|>"
TEMPLATE = "{% for message in messages %}" + BEGIN + "{{ message['content'] }}{% endfor %}"
LONGEST = 512


class TextShape(Recipe):
    """`layers` that are used; one more follows them, because Z-Image reads the last but one."""

    vocabulary: int = Field(ge=300)
    width: int = Field(ge=16)
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)


def build_tokenizer(captions: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Byte-level BPE learned from captions: any text can be written in it, whatever its words."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learn_pairs(captions, vocabulary, [PAD, BEGIN]),
        pad_token=PAD,
        bos_token=BEGIN,
        model_max_length=LONGEST,
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.padding_side = "right"
    return tokenizer


def learn_pairs(captions: Iterable[str], vocabulary: int, special: list[str]) -> Tokenizer:
    """Byte-level BPE of so many tokens, the first of which are the special ones."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        captions,
        trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return bpe


def build_text_encoder(shape: TextShape) -> Qwen3Model:
    width = shape.width
    config = Qwen3Config(
        vocab_size=shape.vocabulary,
        hidden_size=width,
        intermediate_size=-(-width * 8 // 3 // 16) * 16,
        num_hidden_layers=shape.layers + 1,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        head_dim=width // shape.heads,
        max_position_embeddings=LONGEST,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=0,
        attention_dropout=0.0,
    )
    encoder = Qwen3Model(config)
    # Never read by Z-Image, which takes the states before it.
    encoder.layers[-1].requires_grad_(False)
    encoder.norm.requires_grad_(False)
    return encoder


def tokens_of(
    tokenizer: PreTrainedTokenizerFast, captions: Sequence[str], blocks: int, block: int
) -> tuple[Tensor, Tensor]:
    """Tokens (n, blocks × block), padded or cut, and how many of them count (n)."""
    longest = blocks * block
    tokens = torch.zeros(len(captions), longest, dtype=torch.long)
    lengths: list[int] = []
    for number, caption in enumerate(captions):
        row = cast(list[int], tokenizer(BEGIN + caption)["input_ids"])[:longest]
        tokens[number, : len(row)] = torch.tensor(row)
        lengths.append(len(row))
    return tokens, torch.tensor(lengths)


def states_of(encoder: Qwen3Model, tokens: Tensor) -> Tensor:
    """The states that Z-Image reads, (n, tokens, width).

    No mask is needed: the encoder is causal, and padding follows the text.
    """
    output = encoder(input_ids=tokens, output_hidden_states=True, use_cache=False)
    return cast(tuple[Tensor, ...], output.hidden_states)[-2]
