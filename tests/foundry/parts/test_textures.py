"""Pictures without a face: of every size, the same for the same seed, of many kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foundry.parts.datasets import write_dataset

from foundry.dataset import Dataset
from foundry.parts.textures import texture


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("data"), people=3, photos=2, size=64)


@given(seed=st.integers(0, 1 << 30), side=st.sampled_from([32, 64, 100]))
def test_textures_come_from_their_seed(data: Dataset, seed: int, side: int) -> None:
    one = texture(np.random.default_rng(seed), data, side)

    assert one.shape == (side, side, 3) and one.dtype == np.uint8
    assert np.array_equal(one, texture(np.random.default_rng(seed), data, side))


def test_few_are_alike(data: Dataset) -> None:
    rng = np.random.default_rng(0)
    some = np.stack([texture(rng, data, 32) for _ in range(60)])

    # Six small renders have few places beside a head.
    assert len(np.unique(some.reshape(60, -1), axis=0)) > 40
