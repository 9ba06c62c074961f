"""The image that a job begins with."""

from PIL import Image
from sqlalchemy import RowMapping

from likeness.accounts.service import Account
from likeness.images.service import ImageNotFound, get_image
from likeness.jobs.queue import Claim, fence
from likeness.store.folder import DataFolder


class SourceDeleted(Exception):
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
