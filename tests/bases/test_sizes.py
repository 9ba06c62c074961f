import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.bases import Manifest, nearest_size
from likeness.bases.published import manifest_for_class

SIDES = st.integers(1, 8192)


def manifest(resolution: int, multiple: int) -> Manifest:
    published = manifest_for_class("ZImagePipeline", Path("z-image"))
    assert published is not None
    return published.model_copy(update={"resolution": resolution, "size_multiple": multiple})


BASES = st.sampled_from([manifest(128, 16), manifest(64, 8), manifest(1024, 16)])


@given(BASES, SIDES, SIDES)
def test_any_size_gives_one_that_the_base_draws(base: Manifest, width: int, height: int) -> None:
    drawn = nearest_size(base, width, height)

    assert all(side % base.size_multiple == 0 for side in drawn)
    assert min(drawn) >= base.resolution / 2
    assert 0.8 < math.prod(drawn) / base.resolution**2 < 1.25


@given(BASES, SIDES, SIDES)
def test_turned_requests_give_turned_sizes(base: Manifest, width: int, height: int) -> None:
    assert nearest_size(base, width, height) == nearest_size(base, height, width)[::-1]


@given(BASES, SIDES, st.floats(0.3, 3.3))
def test_the_aspect_ratio_is_kept(base: Manifest, width: int, ratio: float) -> None:
    height = max(1, round(width / ratio))
    drawn = nearest_size(base, width, height)
    wanted = min(max(width / height, 0.25), 4)

    # Each side is off by half a multiple at most.
    slack = base.size_multiple / base.resolution * 2
    assert drawn[0] / drawn[1] == pytest.approx(wanted, rel=slack)


@given(BASES, SIDES, SIDES, st.floats(1, 4))
def test_a_base_says_how_long_its_pictures_may_be(
    base: Manifest, width: int, height: int, longest: float
) -> None:
    bound = base.model_copy(update={"longest_ratio": longest})

    drawn = nearest_size(bound, width, height)

    slack = 1 + base.size_multiple / base.resolution * 2
    assert max(drawn) / min(drawn) <= longest * slack


def test_known_sizes() -> None:
    mini = manifest(128, 16)

    assert nearest_size(mini, 1024, 1024) == (128, 128)
    assert nearest_size(mini, 2048, 64) == (256, 64)
    assert nearest_size(mini, 768, 1024) == (112, 144)


def test_an_impossible_size_is_refused() -> None:
    with pytest.raises(ValueError, match="0 x 64"):
        nearest_size(manifest(128, 16), 0, 64)
