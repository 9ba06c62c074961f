"""The data folder: everything that one installation keeps, in one place that can be copied, or the
disk of one machine of many that share a database and a blob store."""

import fcntl
import logging
import shutil
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Self

from likeness.settings import Settings
from likeness.store.blobs import PATIENCE, BlobStore
from likeness.store.database import Database
from likeness.store.local_blobs import LocalBlobs
from likeness.store.migration import bring_up_to_date, check_revision
from likeness.store.secret import load_secret
from likeness.store.sqlite import SQLite
from likeness.store.unreachable import Unreachable

log = logging.getLogger(__name__)

DATABASE, BLOBS = "likeness.db", "blobs"
"""What a folder keeps its own record and bytes in."""


class FolderInUse(Exception):
    """Another server works on this data folder. Stop it, or name another one with --data."""


class DataFolder:
    """A data folder, opened, with the database and the blobs, wherever they lie.

    Layout: `likeness.db` (the record), `blobs/` (the bytes), `secret` (signs URLs, mode 0600),
    `name` (tells it from other folders), `scratch/` (work under way; may be deleted while stopped).
    """

    def __init__(
        self, path: Path, database: Database | None = None, blobs: BlobStore | None = None
    ) -> None:
        """Made when it is missing, the schema of its own database brought up to date.

        Raises `NewerData`, `OlderData`, `DatabaseUnreachable`.
        """
        self.path = path.absolute()
        self.path.mkdir(parents=True, exist_ok=True)
        self.scratch.mkdir(exist_ok=True)
        self.database = database or SQLite(self.path / DATABASE)
        if database is None:
            with self._locked("opening.lock", wait=True):
                bring_up_to_date(self.database)
        else:
            check_revision(self.database)
        self.blobs: BlobStore = blobs or LocalBlobs(self.path / BLOBS)

    @classmethod
    def of(cls, settings: Settings, patience: float = PATIENCE) -> Self:
        """The folder that the settings name, with the database and the blob store that they name,
        which is tried for `patience` seconds.

        Raises `NewerData`, `OlderData`, `DatabaseUnreachable`.
        """
        return cls(settings.data, database_of(settings), blobs_of(settings, patience))

    @property
    def scratch(self) -> Path:
        """Folder for files that nobody misses after a restart."""
        return self.path / "scratch"

    def discard(self, key: str) -> None:
        """Remove a blob to which no row points any more, or leave it to the sweeper."""
        try:
            self.blobs.delete([key])
        except Unreachable as error:
            log.warning("a blob is left to the sweeper: %s", error)

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
    def metrics(self) -> Path:
        """Folder in which the processes of a server count what happens."""
        return self.scratch / "metrics"

    @property
    def copies(self) -> Path:
        """Folder for copies of blobs that are used again and again, under their keys."""
        return self.scratch / "copies"

    def erase_copies(self, prefix: str) -> None:
        """Remove the copies of a folder of blobs."""
        shutil.rmtree(self.copies / prefix, ignore_errors=True)

    def remove_copies(self, unused_for: float) -> None:
        """Remove copies that nobody has used for so many seconds."""
        limit = time.time() - unused_for
        for path in self.copies.rglob("*"):
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_atime < limit:
                    path.unlink()

    def beat(self, owner: str) -> None:
        """Leave a sign that a worker of this machine is alive."""
        path = self._sign_of(owner)
        path.parent.mkdir(exist_ok=True)
        path.touch()

    def silence(self, owner: str) -> float:
        """Seconds since a worker's last sign of life; 0 if there was none yet."""
        try:
            return time.time() - self._sign_of(owner).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def clear_sign(self, owner: str) -> None:
        """Remove the sign of a worker that has ended."""
        self._sign_of(owner).unlink(missing_ok=True)

    def _sign_of(self, owner: str) -> Path:
        return self._signs / owner.replace("/", "_")

    @property
    def _signs(self) -> Path:
        return self.scratch / "alive"

    @property
    def name(self) -> str:
        """What tells this folder from others that share its database: random, made once."""
        return load_secret(self.path / "name").decode()[:16]

    @property
    def secret_file(self) -> Path:
        """The file of the secret that signs URLs."""
        return self.path / "secret"

    def signing_secret(self, settings: Settings) -> bytes:
        """What signs URLs and webhooks: the secret that is set, else the folder's own."""
        set_one = settings.secret
        return set_one.get_secret_value().encode() if set_one else load_secret(self.secret_file)

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
            self.erase_copies("")
            shutil.rmtree(self._signs, ignore_errors=True)
            for upload in self.scratch.glob("*.jpg"):
                upload.unlink(missing_ok=True)
            yield

    @contextmanager
    def _locked(self, name: str, *, wait: bool) -> Generator[IO[str]]:
        with (self.scratch / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield file


def database_of(settings: Settings) -> Database | None:
    """The database that the settings name; None for the folder's own."""
    if settings.database_url is None:
        return None
    from likeness.store.postgresql import PostgreSQL

    return PostgreSQL(settings.database_url.get_secret_value())


def blobs_of(settings: Settings, patience: float) -> BlobStore | None:
    """The blob store that the settings name; None for the folder's own."""
    if settings.blob_url is None:
        return None
    from likeness.store.s3_blobs import S3Blobs

    return S3Blobs(settings.blob_url, settings.blob_public_url, patience)
