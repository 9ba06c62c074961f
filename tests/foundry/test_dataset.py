"""Shards on disk are read whole or not at all."""

from pathlib import Path

import numpy as np
import pytest
from tests.foundry.people import entries, pictures

from foundry.dataset import Dataset, write_shard
from foundry.errors import BadDataset


def test_what_is_written_is_read(tmp_path: Path) -> None:
    first, second = pictures(6, seed=1), pictures(3, seed=2)
    write_shard(tmp_path, 1, second, entries(3, start=2))
    write_shard(tmp_path, 0, first, entries(6))

    data = Dataset.open(tmp_path)

    assert len(data) == 9
    assert data.size == 32
    assert np.array_equal(data.pictures([8, 0, 5]), [second[2], first[0], first[5]])
    assert [entry.number for entry in data.entries] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert data.people() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_unfinished_shards_are_not_seen(tmp_path: Path) -> None:
    write_shard(tmp_path, 0, pictures(3), entries(3))
    np.save(tmp_path / "00001.npy", pictures(3))

    assert len(Dataset.open(tmp_path)) == 3


def test_folders_that_are_no_datasets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="no shards"):
        Dataset.open(tmp_path)
    write_shard(tmp_path, 0, pictures(3), entries(2))
    with pytest.raises(BadDataset, match="one record for each picture"):
        Dataset.open(tmp_path)
    write_shard(tmp_path, 0, pictures(3), entries(3))
    write_shard(tmp_path, 1, pictures(3, size=16), entries(3))
    with pytest.raises(BadDataset, match="different sizes"):
        Dataset.open(tmp_path)
