"""The blob store."""

import os
from pathlib import Path

import pytest

from likeness.store.blobs import BlobStore


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def keys(blobs: BlobStore, prefix: str | None = None) -> set[str]:
    return {blob.key for batch in blobs.list(prefix) for blob in batch}


def test_bytes_and_files_come_back(blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"from a file")
    blobs.put("models/a/1.jpg", b"from memory")
    blobs.put("models/a/2.jpg", tmp_path / "photo")
    assert blobs.path("models/a/1.jpg").read_bytes() == b"from memory"
    assert blobs.path("models/a/2.jpg").read_bytes() == b"from a file"
    assert keys(blobs) == {"models/a/1.jpg", "models/a/2.jpg"}


def test_deleting_what_is_not_there_is_no_mistake(blobs: BlobStore) -> None:
    blobs.put("models/a/1.jpg", b"1")
    blobs.delete(["models/a/1.jpg", "models/a/2.jpg"])
    assert keys(blobs) == set()


def test_erasing_takes_unfinished_files_too_and_nothing_else(blobs: BlobStore) -> None:
    blobs.put("models/a/photos/1.jpg", b"1")
    blobs.put("models/ab/photos/1.jpg", b"1")
    (blobs.root / "models/a/photos/2.jpg#1").write_bytes(b"half")
    assert blobs.erase("models/a") == 2
    assert blobs.erase("models/a") == 0
    assert keys(blobs) == {"models/ab/photos/1.jpg"}
    assert not (blobs.root / "models/a").exists()


def test_what_killed_writers_left_goes_when_it_is_old(blobs: BlobStore) -> None:
    blobs.put("models/a/1.jpg", b"1")
    for name, age in (("2.jpg#1", 100), ("3.jpg#1", 0)):
        path = blobs.root / "models/a" / name
        path.write_bytes(b"half")
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))
    assert keys(blobs) == {"models/a/1.jpg"}
    assert blobs.remove_unfinished(older_than=60) == 1
    assert sorted(path.name for path in (blobs.root / "models/a").iterdir()) == ["1.jpg", "3.jpg#1"]
