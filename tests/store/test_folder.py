"""The data folder."""

import os
import time
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


def test_it_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = [DataFolder(tmp_path / folder).name for folder in ("a", "a", "b")]
    assert names[0] == names[1] != names[2]


def test_workers_leave_signs_of_life(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert folder.silence("embedded/a/1") == 0, "it has not begun"
    begun = time.time()
    folder.beat("embedded/a/1")
    time.sleep(0.2)
    assert 0.1 <= folder.silence("embedded/a/1") <= time.time() - begun + 0.1
    assert folder.silence("embedded/a/2") == 0
    folder.beat("embedded/a/1")
    assert folder.silence("embedded/a/1") <= time.time() - begun - 0.1, "it was heard again"
    folder.clear_sign("embedded/a/1")
    folder.clear_sign("embedded/a/1")
    assert folder.silence("embedded/a/1") == 0


def test_copies_go_when_nobody_uses_them(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    old, new = (folder.copies / f"models/{name}/1.safetensors" for name in "ab")
    for path, age in ((old, 100), (new, 10)):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")
        os.utime(path, (time.time() - age, 0))  # used then, made long before
    folder.remove_copies(unused_for=60)
    assert [path for path in (old, new) if path.exists()] == [new]


def test_a_server_begins_without_what_an_earlier_one_left(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.beat("embedded/a/1")
    left = [folder.copies / "models/a/1.safetensors", folder.scratch / "work/token/picture"]
    for path in left:
        path.parent.mkdir(parents=True)
        path.touch()
    with folder.serving():
        assert not any(path.exists() for path in left)
        assert folder.silence("embedded/a/1") == 0
