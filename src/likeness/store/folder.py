"""The data folder: everything that one installation keeps, in one place that can be copied."""

import fcntl
import shutil
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from likeness.store.blobs import BlobStore
from likeness.store.database import Database
from likeness.store.migration import bring_up_to_date


class FolderInUse(Exception):
    """Another server works on this data folder. Stop it, or name another one with --data."""


class DataFolder:
    """A data folder, opened: made when it is missing, its schema brought up to date.

    Layout: `likeness.db` (the record), `blobs/` (the bytes), `secret` (signs URLs, mode 0600),
    `scratch/` (work under way; may be deleted while stopped).
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.path.mkdir(parents=True, exist_ok=True)
        self.scratch.mkdir(exist_ok=True)
        self.database = Database(self.path / "likeness.db")
        with self._locked("opening.lock", wait=True):
            bring_up_to_date(self.database)
        self.blobs = BlobStore(self.path / "blobs")

    @property
    def scratch(self) -> Path:
        """Folder for files that nobody misses after a restart."""
        return self.path / "scratch"

    @contextmanager
    def place(self, token: str) -> Generator[Path]:
        """A folder for what a claim has under way, gone at the end."""
        path = self._places / token
        path.mkdir(parents=True, exist_ok=True)
        try:
            yield path
        finally:
            self.clear_place(token)

    def clear_place(self, token: str) -> None:
        """Remove what the killed process of a claim left."""
        shutil.rmtree(self._places / token, ignore_errors=True)

    def clear_places(self) -> None:
        """Remove what killed workers left, when none is alive."""
        shutil.rmtree(self._places, ignore_errors=True)

    @property
    def _places(self) -> Path:
        return self.scratch / "work"

    @property
    def secret_file(self) -> Path:
        """The file of the secret that signs URLs."""
        return self.path / "secret"

    @contextmanager
    def serving(self) -> Generator[None]:
        """Hold the folder as its only server, without what an earlier one left under way.

        Raises `FolderInUse`.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(self._locked("serving.lock", wait=False))
            except BlockingIOError:
                raise FolderInUse(f"{FolderInUse.__doc__} ({self.path})") from None
            self.clear_places()
            for upload in self.scratch.glob("*.jpg"):
                upload.unlink(missing_ok=True)
            yield

    @contextmanager
    def _locked(self, name: str, *, wait: bool) -> Generator[IO[str]]:
        with (self.scratch / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield file
