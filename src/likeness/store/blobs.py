"""The blob store: photos, adapters, checkpoints and outputs, under keys like paths.

A blob is there whole or not at all, and never changes: a key is written once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from likeness.store.unreachable import Unreachable

MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4"}
"""What clients read, by the ends of keys."""


PATIENCE = 180.0
"""Seconds for which a trouble of the network or of the server of the blobs may pass, where nobody
waits for an answer: it costs less than to do the work again."""


def words_of(error: Exception) -> str:
    """What an error says, also one of obstore's, in one line, without the state of its program."""
    return " ".join(str(error).partition("\n\nDebug source")[0].split())


class BlobsUnreachable(Unreachable):
    """The blob store cannot be used. Look at LIKENESS_BLOB_URL and the AWS_* variables."""


@dataclass(frozen=True)
class Blob:
    """One stored object: its key, its size in bytes, its age in seconds."""

    key: str
    size: int
    age: float


class BlobStore(Protocol):
    """Where blobs lie: in the data folder, or in S3. Whatever asks its server raises
    `BlobsUnreachable` when that is away for too long."""

    def check(self) -> None:
        """Raises `BlobsUnreachable` when it cannot be used."""
        ...

    def put(self, key: str, content: Path | bytes) -> None:
        """Store a file or bytes under a key."""
        ...

    def fetch(self, key: str, below: Path) -> Path:
        """A file on this machine's disk with the bytes of a blob, to be read and not to be changed:
        the blob itself if it lies here, else a copy below a folder, made if it is not there yet.

        Raises FileNotFoundError.
        """
        ...

    def read(self, key: str) -> bytes:
        """The bytes of a small blob. Raises FileNotFoundError."""
        ...

    def link(self, key: str, method: Literal["GET", "HEAD"]) -> str | None:
        """Where anybody may read a blob for a short time, by this method; None if only the server
        itself can hand it out. Whether it is there is not looked at."""
        ...

    def list(self, prefix: str | None = None) -> Iterator[list[Blob]]:
        """All finished blobs whose key begins with a folder, in batches."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove blobs; one that is not there is no mistake."""
        ...

    def erase(self, prefix: str) -> int:
        """Remove a folder with all in it; returns how many files went."""
        ...

    def remove_unfinished(self, older_than: float) -> int:
        """Remove what writers killed in mid-write left, `older_than` seconds ago or more."""
        ...
