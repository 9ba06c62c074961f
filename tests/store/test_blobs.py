"""The blob store, in a folder and in S3."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.support.s3 import s3_away, s3_server

from likeness.store.blobs import BlobStore, BlobsUnreachable
from likeness.store.local_blobs import LocalBlobs
from likeness.store.s3_blobs import PART_BYTES, S3Blobs


@pytest.fixture
def local(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def s3() -> S3Blobs:
    return S3Blobs(s3_server().new_folder())


@pytest.fixture(params=["local", "s3"])
def blobs(request: pytest.FixtureRequest) -> BlobStore:
    return request.getfixturevalue(request.param)


def keys(blobs: BlobStore, prefix: str | None = None) -> set[str]:
    return {blob.key for batch in blobs.list(prefix) for blob in batch}


def test_bytes_and_files_come_back(blobs: BlobStore, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"from a file")
    blobs.put("models/a/1.jpg", b"from memory")
    blobs.put("models/a/2.jpg", tmp_path / "photo")
    assert blobs.read("models/a/1.jpg") == b"from memory"
    assert blobs.fetch("models/a/2.jpg", tmp_path / "copies").read_bytes() == b"from a file"
    assert keys(blobs) == {"models/a/1.jpg", "models/a/2.jpg"}
    (found,) = next(blobs.list("models/a"))[:1]
    assert (found.size, found.age) == (11, pytest.approx(0, abs=60))
    blobs.check()


def test_what_is_not_there_is_told(blobs: BlobStore, tmp_path: Path) -> None:
    for read in (lambda: blobs.read("models/a/1.jpg"), lambda: blobs.fetch("models", tmp_path)):
        with pytest.raises(FileNotFoundError):
            read()
    assert [path.name for path in tmp_path.iterdir() if path.name != "blobs"] == []


def test_deleting_what_is_not_there_is_no_mistake(blobs: BlobStore) -> None:
    blobs.put("models/a/1.jpg", b"1")
    blobs.delete(["models/a/1.jpg", "models/a/2.jpg"])
    assert keys(blobs) == set()


def test_erasing_takes_a_folder_and_nothing_else(blobs: BlobStore) -> None:
    for number in range(20):
        blobs.put(f"models/a/photos/{number}.jpg", b"1")
    blobs.put("models/ab/photos/1.jpg", b"1")
    assert blobs.erase("models/a") == 20
    assert blobs.erase("models/a") == 0
    assert keys(blobs) == {"models/ab/photos/1.jpg"}


def test_erasing_takes_unfinished_files_too(local: LocalBlobs) -> None:
    local.put("models/a/photos/1.jpg", b"1")
    (local.root / "models/a/photos/2.jpg#1").write_bytes(b"half")
    assert local.erase("models/a") == 2
    assert not (local.root / "models/a").exists()


def test_what_killed_writers_left_goes_when_it_is_old(local: LocalBlobs) -> None:
    local.put("models/a/1.jpg", b"1")
    for name, age in (("2.jpg#1", 100), ("3.jpg#1", 0)):
        path = local.root / "models/a" / name
        path.write_bytes(b"half")
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))
    assert keys(local) == {"models/a/1.jpg"}
    assert local.remove_unfinished(older_than=60) == 1
    assert sorted(path.name for path in (local.root / "models/a").iterdir()) == ["1.jpg", "3.jpg#1"]


def test_a_large_file_comes_back_from_s3(s3: S3Blobs, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(PART_BYTES)
        file.seek(0, os.SEEK_END)
        file.write(b"the second part")
    s3.put("models/a/large.safetensors", large)
    copy = s3.fetch("models/a/large.safetensors", tmp_path / "copies")
    assert copy.stat().st_size == PART_BYTES + 15
    with copy.open("rb") as file:
        file.seek(PART_BYTES)
        assert file.read() == b"the second part"


def test_a_copy_is_made_once_and_stays_the_same_file(s3: S3Blobs, tmp_path: Path) -> None:
    s3.put("models/a/1.safetensors", b"weights")
    path = s3.fetch("models/a/1.safetensors", tmp_path)
    os.utime(path, (0, path.stat().st_mtime))
    before = path.stat()
    s3.delete(["models/a/1.safetensors"])
    assert s3.fetch("models/a/1.safetensors", tmp_path) == path
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert after.st_atime > before.st_atime, "it is in use"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_anybody_may_follow_a_link_by_its_method(s3: S3Blobs, method: str) -> None:
    s3.put("models/a/1.webp", b"a picture")
    link = s3.link("models/a/1.webp", "HEAD" if method == "HEAD" else "GET")
    assert link is not None
    answer = httpx.request(method, link, headers={"Range": "bytes=0-3"})
    assert answer.is_success
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content in (b"a picture", b"a pi", b"")
    assert httpx.get(link.replace("1.webp", "2.webp")).status_code == 403
    assert httpx.delete(link).status_code == 403
    assert s3.read("models/a/1.webp") == b"a picture"


def test_links_name_the_address_that_clients_know() -> None:
    server = s3_server()
    public = f"http://localhost:{server.port}"
    s3 = S3Blobs(server.new_folder(), public)
    s3.put("models/a/1.jpg", b"a photo")
    link = s3.link("models/a/1.jpg", "GET")
    assert link is not None
    assert link.startswith(f"{public}/")
    assert httpx.get(link).content == b"a photo"


def test_a_folder_has_no_links(local: LocalBlobs) -> None:
    local.put("models/a/1.jpg", b"a photo")
    assert local.link("models/a/1.jpg", "GET") is None


def test_a_bucket_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    s3_server()
    with pytest.raises(BlobsUnreachable, match=r"s3://no-such-bucket.*NoSuchBucket"):
        S3Blobs("s3://no-such-bucket").check()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(BlobsUnreachable, match="AWS_"):
        S3Blobs(s3_server().new_folder()).check()


def test_a_server_that_is_away_for_long_is_told(s3: S3Blobs, tmp_path: Path) -> None:
    s3.put("models/a/1.jpg", b"1")
    impatient = S3Blobs(s3.url, patience=0.5)
    uses: list[Callable[[], object]] = [
        lambda: impatient.put("models/a/2.jpg", b"2"),
        lambda: impatient.read("models/a/1.jpg"),
        lambda: impatient.fetch("models/a/1.jpg", tmp_path),
        lambda: impatient.delete(["models/a/1.jpg"]),
        lambda: impatient.erase("models/a"),
        lambda: list(impatient.list()),
        impatient.check,
    ]
    with s3_away():
        for use in uses:
            with pytest.raises(BlobsUnreachable, match="LIKENESS_BLOB_URL"):
                use()
        assert impatient.link("models/a/1.jpg", "GET"), "signed without the server"
    assert keys(s3) == {"models/a/1.jpg"}


def test_a_server_that_is_away_for_a_moment_is_waited_for(s3: S3Blobs) -> None:
    with ThreadPoolExecutor(1) as pool:
        with s3_away():
            writing = pool.submit(s3.put, "models/a/1.jpg", b"1")
            time.sleep(2)
            assert not writing.done()
        writing.result()
    assert s3.read("models/a/1.jpg") == b"1"
