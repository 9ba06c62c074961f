"""Sizes that providers draw."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.providers.openai import SIZES as OPENAI
from likeness.providers.pictures import Sizes
from likeness.providers.seedream import SIZES as SEEDREAM

ALL = [OPENAI, *SEEDREAM.values()]


@given(
    sizes=st.sampled_from(ALL),
    area=st.integers(64 * 64, 8192 * 8192),
    ratio=st.floats(0.05, 20),
)
def test_every_size_is_within_the_limits(sizes: Sizes, area: int, ratio: float) -> None:
    width, height = sizes.nearest(area, ratio)

    assert width % sizes.step == height % sizes.step == 0
    assert sizes.least <= width * height <= sizes.most
    assert max(width, height) <= sizes.longest
    assert max(width, height) <= sizes.widest * min(width, height)
    if 1 / sizes.widest <= ratio <= sizes.widest:
        step = sizes.step / min(width, height)
        assert math.isclose(width / height, ratio, rel_tol=1.5 * step)


@pytest.mark.parametrize(
    ("area", "ratio", "size"),
    [
        (1024**2, 1.0, (1024, 1024)),
        (1536 * 1024, 1.5, (1536, 1024)),
        (4096**2, 16 / 9, (3840, 2160)),
        (512**2, 1.0, (816, 816)),
    ],
)
def test_sizes_of_openai(area: int, ratio: float, size: tuple[int, int]) -> None:
    assert OPENAI.nearest(area, ratio) == size
