"""Sizes of pictures from words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.catalog.size import SIDES, STEP, BadSize, aspect_ratio, size_of


@given(width=st.integers(1, 100), height=st.integers(1, 100), named=st.sampled_from([*SIDES]))
def test_pictures_have_the_ratio_and_the_area(width: int, height: int, named: str) -> None:
    if not 1 / 4 <= width / height <= 4:
        with pytest.raises(BadSize):
            aspect_ratio(f"{width}:{height}")
        return
    ratio = aspect_ratio(f"{width}:{height}")
    assert ratio is not None

    found = size_of(ratio, named)

    side = SIDES[named]
    assert found[0] / found[1] == pytest.approx(width / height, rel=2 * STEP / min(found))
    assert found[0] * found[1] == pytest.approx(side**2, rel=2 * STEP / min(found))
    assert found[0] % STEP == found[1] % STEP == 0


@pytest.mark.parametrize(
    ("words", "size"), [("", (1024, 1024)), ("1k", (1024, 1024)), ("1536x1024", (1536, 1024))]
)
def test_named_sizes(words: str, size: tuple[int, int]) -> None:
    assert size_of(1.0, words) == size


@pytest.mark.parametrize("words", ["3K", "10x10", "9999x100", "x", "1:1", "-1", "1K1K"])
def test_no_size(words: str) -> None:
    with pytest.raises(BadSize):
        size_of(1.0, words)


@pytest.mark.parametrize("words", ["0:1", "1:0", "1:9", ":", "a:b", "1:1:1", "-1:1"])
def test_no_ratio(words: str) -> None:
    with pytest.raises(BadSize):
        aspect_ratio(words)


@pytest.mark.parametrize("words", ["", "auto", "Adaptive"])
def test_model_chooses(words: str) -> None:
    assert aspect_ratio(words) is None
