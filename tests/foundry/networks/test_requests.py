"""What is asked of a clip becomes states, whatever the words, and zeros after them."""

import pytest
import torch
from transformers import UMT5EncoderModel

from foundry.networks.requests import (
    RequestShape,
    build_request_encoder,
    build_request_tokenizer,
    request_states,
)

CPU = torch.device("cpu")
TOKENIZER = build_request_tokenizer(["she turns her head to the left", "a man nods twice"], 300)


@pytest.fixture(scope="module")
def encoder() -> UMT5EncoderModel:
    torch.manual_seed(0)
    return build_request_encoder(RequestShape(vocabulary=300, width=32, layers=1, heads=2)).eval()


def states(encoder: UMT5EncoderModel, *texts: str, longest: int = 40) -> torch.Tensor:
    with torch.no_grad():
        return request_states(encoder, TOKENIZER, texts, longest, CPU)


@pytest.mark.parametrize("text", ["she turns her head to the left", "ögür zyx 转头", ""])
def test_any_text_has_states_and_zeros_after_them(encoder: UMT5EncoderModel, text: str) -> None:
    length = len(TOKENIZER(text)["input_ids"])

    read = states(encoder, text)[0]

    assert 1 <= length < 40
    assert read[:length].abs().sum(dim=1).all()
    assert not read[length:].any()


def test_room_after_a_text_changes_nothing(encoder: UMT5EncoderModel) -> None:
    short, long = (states(encoder, "a man nods", longest=one)[0] for one in (12, 40))

    assert torch.allclose(short, long[:12], atol=1e-5)


def test_a_text_is_read_alike_beside_others(encoder: UMT5EncoderModel) -> None:
    alone = states(encoder, "a man nods")[0]

    assert torch.allclose(states(encoder, "she turns", "a man nods")[1], alone, atol=1e-5)


def test_long_texts_are_cut(encoder: UMT5EncoderModel) -> None:
    assert states(encoder, "she turns her head to the left " * 20).shape == (1, 40, 32)
