"""Blobs in a folder of this machine."""

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import obstore
from obstore.store import LocalStore

from likeness.store.blobs import Blob

_STAGED = re.compile(r"#\d+$")
"""How the local store names a file that is still being written."""


class LocalBlobs:
    """A blob store in a folder."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self._store = LocalStore(root)

    def check(self) -> None:
        """A folder that could be made can be used."""

    def put(self, key: str, content: Path | bytes) -> None:
        """Store a file or bytes under a key."""
        obstore.put(self._store, key, content)

    def fetch(self, key: str, below: Path) -> Path:
        """The blob itself, to be read and not to be changed. Raises FileNotFoundError."""
        path = self.root / key
        if not path.is_file():
            raise FileNotFoundError(path)
        return path

    def read(self, key: str) -> bytes:
        """The bytes of a small blob. Raises FileNotFoundError."""
        return (self.root / key).read_bytes()

    def link(self, key: str, method: Literal["GET", "HEAD"]) -> str | None:
        """None: only the server itself can hand it out."""
        return None

    def list(self, prefix: str | None = None) -> Iterator[list[Blob]]:
        """All finished blobs whose key begins with a folder, in batches."""
        for batch in obstore.list(self._store, prefix, chunk_size=500):
            now = datetime.now(UTC)
            yield [
                Blob(meta["path"], meta["size"], (now - meta["last_modified"]).total_seconds())
                for meta in batch
            ]

    def delete(self, keys: Iterable[str]) -> None:
        """Remove blobs; one that is not there is no mistake."""
        for key in keys:
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                continue

    def erase(self, prefix: str) -> int:
        """Remove a folder with all in it, unfinished files too; returns how many files went."""
        count = sum(len(names) for _, _, names in os.walk(self.root / prefix))
        shutil.rmtree(self.root / prefix, ignore_errors=True)
        return count

    def remove_unfinished(self, older_than: float) -> int:
        """Remove what writers killed in mid-write left, `older_than` seconds ago or more."""
        limit, count = time.time() - older_than, 0
        for folder, _, names in os.walk(self.root):
            for path in (Path(folder, name) for name in names if _STAGED.search(name)):
                try:
                    if path.stat().st_mtime < limit:
                        path.unlink()
                        count += 1
                except FileNotFoundError:
                    continue
        return count
