"""The images and videos that a job begins with."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from PIL import Image
from sqlalchemy import RowMapping

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.fetching import Fetcher, FetchError
from likeness.images.service import ImageNotFound, find_file, get_image
from likeness.jobs.payloads import Source
from likeness.jobs.queue import Claim, fence
from likeness.media.footage import pictures_of
from likeness.media.photo import read_photo
from likeness.settings import Settings, networks_of
from likeness.store.folder import DataFolder
from likeness.videos import service as videos

FOOTAGE_BYTES = 200_000_000
FOOTAGE_SECONDS = 30.0
"""How much of a video, and for how long, is fetched and looked at."""

FOOTAGE_PIXELS = 4096 * 2304
FOOTAGE_RATE = 4.0
FOOTAGE_SIDES = (1280, 640)
"""Pictures in a second that are taken out of a video, and the longest side in px of the first and
of the others."""


class SourceError(Exception):
    """What a job begins with cannot be had; the message says why, for the client."""


class SourceDeleted(SourceError):
    """cancelled: the image was deleted"""


class AdapterGone(SourceError):
    """The file of this model's likeness is gone. Train the model again."""


class VideoDeleted(SourceError):
    """cancelled: the video was deleted"""


def open_source(folder: DataFolder, claim: Claim, image_id: str) -> tuple[RowMapping, Image.Image]:
    """The row and the pixels (RGB) of an image of the job's account.

    Raises `ClaimLost`, and `SourceDeleted` when the image went while the job waited.
    """
    try:
        with folder.database.read() as transaction:
            fence(transaction, claim.token)
            row = get_image(transaction, Account(claim.account_id), image_id)
        with folder.place(claim.token) as place:
            return row, _pixels(folder.blobs.fetch(row["blob_key"], place))
    except (ImageNotFound, FileNotFoundError):
        raise SourceDeleted(SourceDeleted.__doc__) from None


def open_reference(
    folder: DataFolder, settings: Settings, claim: Claim, source: Source
) -> Image.Image:
    """The pixels (RGB) of what the client named, whose right to it was checked when the job was
    asked for. Raises `ClaimLost`, and `SourceError` when it is gone or cannot be fetched."""
    if not source.url:
        with folder.database.read() as transaction:
            fence(transaction, claim.token)
            key = find_file(transaction, source.image_id)
        if key is None:
            raise SourceDeleted(SourceDeleted.__doc__)
        try:
            with folder.place(claim.token) as place:
                return _pixels(folder.blobs.fetch(key, place))
        except FileNotFoundError:
            raise SourceDeleted(SourceDeleted.__doc__) from None
    fetcher = Fetcher(networks_of(settings.fetch_allow), settings.upload_bytes)
    with _fetched(folder, fetcher, claim, source.url, "image") as file:
        return read_photo(file, settings.upload_pixels)


def open_motion(
    folder: DataFolder, settings: Settings, claim: Claim, source: Source
) -> Sequence[Image.Image]:
    """Pictures (RGB), four to a second, of the video that the client named: of its first 30 s.

    Raises `ClaimLost`, and `SourceError` when it is gone, cannot be fetched or is no video.
    """
    if source.url:
        fetcher = Fetcher(networks_of(settings.fetch_allow), FOOTAGE_BYTES, 4 * FOOTAGE_SECONDS)
        with _fetched(folder, fetcher, claim, source.url, "video") as file:
            return _looked_at(file)
    with folder.database.read() as transaction:
        fence(transaction, claim.token)
        key = videos.find_file(transaction, source.video_id)
    if key is None:
        raise VideoDeleted(VideoDeleted.__doc__)
    try:
        with folder.place(claim.token) as place, folder.blobs.fetch(key, place).open("rb") as file:
            return _looked_at(file)
    except FileNotFoundError:
        raise VideoDeleted(VideoDeleted.__doc__) from None


def _pixels(path: Path) -> Image.Image:
    with Image.open(path) as file:
        return file.convert("RGB")


def _looked_at(file: IO[bytes]) -> list[Image.Image]:
    pictures: list[Image.Image] = []
    for picture in pictures_of(file, FOOTAGE_PIXELS, FOOTAGE_RATE, FOOTAGE_SECONDS):
        side = FOOTAGE_SIDES[bool(pictures)]
        picture.thumbnail((side, side))
        pictures.append(picture)
    return pictures


@contextmanager
def _fetched(
    folder: DataFolder, fetcher: Fetcher, claim: Claim, url: str, what: str
) -> Generator[IO[bytes]]:
    """What is at a URL, as a file; whoever reads it may find that it cannot be used."""
    with folder.place(claim.token) as place, (place / "reference").open("w+b") as file:
        try:
            fetcher.fetch(url, file)
            file.seek(0)
            yield file
        except FetchError as error:
            raise SourceError(f"The reference {what} cannot be fetched: {error}.") from None
        except Refusal as error:
            raise SourceError(f"The reference {what} cannot be used: {error.message}") from None
