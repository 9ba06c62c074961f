"""The data folder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from likeness.store.folder import DataFolder, FolderInUse


def test_many_open_a_new_folder_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        folders = list(pool.map(DataFolder, [tmp_path / "data"] * 12))
    for folder in folders:
        with folder.database.read() as transaction:
            assert transaction.now > 0


def test_it_has_one_server(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    told = r"Stop it, or name another.*" + str(tmp_path)
    with first.serving(), pytest.raises(FolderInUse, match=told), second.serving():
        pass
    with second.serving():
        pass
