"""What is asked of a clip: a small stock UMT5EncoderModel with a tokenizer of its own."""

from collections.abc import Iterable, Sequence

import torch
from pydantic import Field
from tokenizers.processors import TemplateProcessing
from torch import Tensor
from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

from foundry.networks.fast_wan import TEXT_PLACES
from foundry.networks.text import learn_pairs
from foundry.recipe import Recipe

PAD, END = "<pad>", "</s>"


class RequestShape(Recipe):
    vocabulary: int = Field(ge=300)
    width: int = Field(ge=16)
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)


def build_request_tokenizer(captions: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Byte-level BPE learned from captions, which ends each text as T5's does: the empty one has a
    token, too."""
    pairs = learn_pairs(captions, vocabulary, [PAD, END])
    ending = pairs.token_to_id(END)
    pairs.post_processor = TemplateProcessing(single=f"$A {END}", special_tokens=[(END, ending)])
    return PreTrainedTokenizerFast(
        tokenizer_object=pairs, pad_token=PAD, eos_token=END, model_max_length=TEXT_PLACES
    )


def build_request_encoder(shape: RequestShape) -> UMT5EncoderModel:
    return UMT5EncoderModel(
        UMT5Config(
            vocab_size=shape.vocabulary,
            d_model=shape.width,
            d_kv=shape.width // shape.heads,
            d_ff=2 * shape.width,
            num_layers=shape.layers,
            num_heads=shape.heads,
            dropout_rate=0.0,
            pad_token_id=0,
            eos_token_id=1,
        )
    )


def request_states(
    encoder: UMT5EncoderModel,
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    longest: int,
    device: torch.device,
) -> Tensor:
    """(n, longest, width): the states of each text, zeros after it; what is longer is cut. They are
    the first places of what the pipeline gives the transformer."""
    tokens, read = (one.to(device) for one in request_tokens(tokenizer, texts, longest))
    return states_of(encoder, tokens, read)


def request_tokens(
    tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], longest: int
) -> tuple[Tensor, Tensor]:
    """Numbers of tokens (n, longest), and 1 where there is one of a text's own."""
    read = tokenizer(
        list(texts),
        padding="max_length",
        max_length=longest,
        truncation=True,
        return_tensors="pt",
    )
    return read.input_ids, read.attention_mask


def states_of(encoder: UMT5EncoderModel, tokens: Tensor, read: Tensor) -> Tensor:
    """The states (n, longest, width) of such tokens, zeros where there is none."""
    return encoder(tokens, read).last_hidden_state * read[..., None]
