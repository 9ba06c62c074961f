"""Blobs in S3, or in what speaks its protocol.

Keys and address of the server come from where every program looks for them: `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, or the role of the machine.
"""

import os
import secrets
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from likeness.store.blobs import MEDIA_TYPES, PATIENCE, Blob, BlobsUnreachable, words_of

LINK_SECONDS = 600
"""How long a link opens: a client follows it at once, and a player may come back for more."""

LONGEST_PAUSE = 5.0
"""Seconds between two tries, at most: a server that comes back is soon found."""

PART_BYTES = 64 * 1024 * 1024
PARTS_AT_ONCE = 2
"""Larger files go in parts, a few at once, each held in memory. Smaller ones, all photos among
them, go in one piece, so that no writer killed in mid-write leaves a part of one."""


class S3Blobs:
    """A blob store in a bucket, below a folder of it.

    Whatever fails is tried again, as far as a trouble of the network or the server's may pass.
    """

    def __init__(self, url: str, public_url: str | None = None, patience: float = PATIENCE) -> None:
        """`url` is s3://bucket or s3://bucket/folder; `public_url` is the server's address for
        clients, where that is another. `patience` is for how many seconds it tries again."""
        bucket, _, folder = url.removeprefix("s3://").partition("/")
        self.url = url
        retries = {
            "max_retries": round(patience),
            "retry_timeout": timedelta(seconds=patience),
            "backoff": {"max_backoff": timedelta(seconds=LONGEST_PAUSE)},
        }
        self._store = _store(bucket, folder, retry_config=retries)
        self._public = _store(bucket, folder, endpoint=public_url) if public_url else self._store

    def check(self) -> None:
        """Raises `BlobsUnreachable` when the bucket cannot be listed."""
        with self._reached():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    def put(self, key: str, content: Path | bytes) -> None:
        """Store a file or bytes under a key."""
        media_type = MEDIA_TYPES.get(key.rpartition(".")[2], "application/octet-stream")
        with self._reached():
            obstore.put(
                self._store,
                key,
                content,
                # A deleted picture must not live on in a cache.
                attributes={"Content-Type": media_type, "Cache-Control": "private, no-cache"},
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )

    def fetch(self, key: str, below: Path) -> Path:
        """A copy of a blob below a folder, made if it is missing. Raises FileNotFoundError."""
        path = below / key
        if path.is_file():
            with suppress(FileNotFoundError):
                # Says that it is in use; another time of change would say that it is another file.
                os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
                return path
        with self._reached():
            blob = obstore.get(self._store, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}#{secrets.token_hex(4)}")
        try:
            with self._reached(), draft.open("wb") as file:
                for piece in blob.stream():
                    file.write(piece)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def read(self, key: str) -> bytes:
        """The bytes of a small blob. Raises FileNotFoundError."""
        with self._reached():
            return bytes(obstore.get(self._store, key).bytes())

    def link(self, key: str, method: Literal["GET", "HEAD"]) -> str | None:
        """Where anybody may read a blob, by this method, for ten minutes."""
        with self._reached():
            return obstore.sign(self._public, method, key, timedelta(seconds=LINK_SECONDS))

    def list(self, prefix: str | None = None) -> Iterator[list[Blob]]:
        """All finished blobs whose key begins with a folder, in batches."""
        batches = iter(obstore.list(self._store, prefix, chunk_size=500))
        while True:
            with self._reached():
                batch = next(batches, None)
            if batch is None:
                return
            now = datetime.now(UTC)
            yield [
                Blob(meta["path"], meta["size"], (now - meta["last_modified"]).total_seconds())
                for meta in batch
            ]

    def delete(self, keys: Iterable[str]) -> None:
        """Remove blobs; one that is not there is no mistake."""
        if some := list(keys):
            with self._reached():
                obstore.delete(self._store, some)

    def erase(self, prefix: str) -> int:
        """Remove all blobs of a folder; returns how many went."""
        count = 0
        for batch in self.list(prefix):
            self.delete(blob.key for blob in batch)
            count += len(batch)
        return count

    def remove_unfinished(self, older_than: float) -> int:
        """Nothing: parts of broken uploads are for the bucket's own rule to end."""
        return 0

    @contextmanager
    def _reached(self) -> Generator[None]:
        try:
            yield
        except FileNotFoundError:  # one of the errors below, and an answer
            raise
        except BaseError as error:
            said = f"{self.url}: {words_of(error)}"
            raise BlobsUnreachable(f"{BlobsUnreachable.__doc__} ({said})") from None


def _store(bucket: str, folder: str, **options: object) -> S3Store:
    return S3Store(
        bucket,
        prefix=folder or None,
        client_options={"allow_http": True},  # if the address says so
        **options,  # pyright: ignore[reportArgumentType]
    )
