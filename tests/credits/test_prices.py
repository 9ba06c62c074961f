"""The file of prices."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.credits.prices import FREE, BadPrices, Prices, load_prices

TABLE = """
training = 100
generation = 2
video = 30

[models]
nanobanana = 7
"veo-3.1" = 90
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of prices."""
    path = tmp_path / "prices.toml"
    path.write_text(TABLE)
    return path


def test_each_piece_has_the_price_of_its_kind_or_of_its_public_model(file: Path) -> None:
    prices = load_prices(file)

    assert prices.of("training", "a model", 1) == 100
    assert prices.of("generation", "a model", 4) == 8
    assert prices.of("generation", "nanobanana", 4) == 28
    assert prices.of("video", "veo-3.1", 2) == 180
    assert prices.of("video", "grok-imagine-1.5", 2) == 60
    assert prices.of("upscaling", "a model", 1) == 0


def test_a_public_models_picture_is_enlarged_for_the_price_of_enlarging(file: Path) -> None:
    assert load_prices(file).of("upscaling", "nanobanana", 1) == 0


@given(
    st.sampled_from(["training", "generation", "upscaling", "video"]),
    st.text(),
    st.integers(1, 8),
)
def test_without_a_file_everything_is_free(piece: str, model_id: str, count: int) -> None:
    assert load_prices(None) is FREE
    assert FREE.of(piece, model_id, count) == 0  # pyright: ignore[reportArgumentType]


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 8))
def test_two_orders_cost_what_one_of_both_costs(price: int, one: int, other: int) -> None:
    prices = Prices(generation=price)
    cost = prices.of("generation", "m", one) + prices.of("generation", "m", other)
    assert cost == prices.of("generation", "m", one + other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("generation = -1", "generation: .*greater than or equal to 0"),
        ("generation = 1.5", "generation: .*integer"),
        ("generaton = 1", "generaton: .*not permitted"),
        ("[models]\nnanobanana = 'much'", "models.nanobanana: .*integer"),
        ("generation = ", "cannot be read"),
    ],
)
def test_mistakes_are_named(file: Path, text: str, words: str) -> None:
    file.write_text(text)
    with pytest.raises(BadPrices, match=words):
        load_prices(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPrices, match="nowhere"):
        load_prices(tmp_path / "nowhere")
