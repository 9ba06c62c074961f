"""The fast form of Wan's transformer gives the stock class's numbers."""

import pytest
import torch
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

from foundry.networks.fast_wan import TEXT_PLACES, FastWan


@pytest.fixture(scope="module")
def stock() -> WanTransformer3DModel:
    torch.manual_seed(0)
    network = WanTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=24,
        in_channels=12,
        out_channels=4,
        text_dim=16,
        freq_dim=32,
        ffn_dim=64,
        num_layers=2,
        rope_max_seq_len=32,
    )
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return network


@pytest.mark.parametrize(("moments", "height", "width"), [(1, 4, 4), (3, 4, 8)])
def test_it_equals_the_stock_class(
    stock: WanTransformer3DModel, moments: int, height: int, width: int
) -> None:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(2, 12, moments, height, width, generator=generator)
    time = torch.tensor([30.0, 900.0])
    text = torch.randn(2, 9, 16, generator=generator)
    text[0, 4:] = 0  # a shorter text: the pipeline has zeros after it
    places = torch.cat([text, torch.zeros(2, TEXT_PLACES - 9, 16)], dim=1)

    with torch.no_grad():
        expected = stock(latents, time, places, return_dict=False)[0]
        predicted = FastWan(stock)(latents, time, text)

    assert predicted.shape == (2, 4, moments, height, width)
    assert torch.allclose(predicted, expected, atol=1e-4 * float(expected.abs().max()))


def test_padding_counts_as_often_as_it_is_there(stock: WanTransformer3DModel) -> None:
    latents, time = torch.randn(1, 12, 1, 4, 4), torch.tensor([500.0])
    text = torch.randn(1, 5, 16)
    longer = torch.cat([text, torch.zeros(1, 20, 16)], dim=1)

    with torch.no_grad():
        short, long = (FastWan(stock)(latents, time, one) for one in (text, longer))

    assert torch.allclose(short, long, atol=1e-4 * float(long.abs().max()))
