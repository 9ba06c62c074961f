"""The image that a job begins with."""

from PIL import Image
from sqlalchemy import RowMapping

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.fetching import Fetcher, FetchError
from likeness.images.service import ImageNotFound, find_file, get_image
from likeness.jobs.payloads import Source
from likeness.jobs.queue import Claim, fence
from likeness.media.photo import read_photo
from likeness.settings import Settings, networks_of
from likeness.store.folder import DataFolder


class SourceError(Exception):
    """The image that a job begins with cannot be had; the message says why, for the client."""


class SourceDeleted(SourceError):
    """cancelled: the image was deleted"""


def open_source(folder: DataFolder, claim: Claim, image_id: str) -> tuple[RowMapping, Image.Image]:
    """The row and the pixels (RGB) of an image of the job's account.

    Raises `ClaimLost`, and `SourceDeleted` when the image went while the job waited.
    """
    try:
        with folder.database.read() as transaction:
            fence(transaction, claim.token)
            row = get_image(transaction, Account(claim.account_id), image_id)
        with Image.open(folder.blobs.path(row["blob_key"])) as file:
            return row, file.convert("RGB")
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
        try:
            with Image.open(folder.blobs.path(key or "")) as file:
                return file.convert("RGB")
        except OSError:
            raise SourceDeleted(SourceDeleted.__doc__) from None
    fetcher = Fetcher(networks_of(settings.fetch_allow), settings.upload_bytes)
    with folder.place(claim.token) as place, (place / "reference").open("w+b") as file:
        try:
            fetcher.fetch(source.url, file)
            file.seek(0)
            return read_photo(file, settings.upload_pixels)
        except FetchError as error:
            raise SourceError(f"The reference image cannot be fetched: {error}.") from None
        except Refusal as error:
            raise SourceError(f"The reference image cannot be used: {error.message}") from None
