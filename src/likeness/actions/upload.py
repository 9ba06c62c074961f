"""Uploading a photo."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, TypeVar

from sqlalchemy import RowMapping

from likeness.accounts.answers import Repeated
from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.images.schemas import UploadData
from likeness.media.photo import read_photo, save_photo
from likeness.models import service as models
from likeness.models.blob_keys import photo_key
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.store.ids import new_id

Told = TypeVar("Told")


class ModelIsTraining(Refusal):
    """The model is training, so its training photos cannot change. Wait until it is ready."""

    status = 409


def upload_photo(
    folder: DataFolder,
    account: Account,
    data: UploadData,
    file: IO[bytes],
    max_pixels: int,
    write: Callable[[], AbstractContextManager[Transaction]],
    answer: Callable[[Transaction, RowMapping], Told],
) -> Told:
    """Decode a photo, store it and make it an image of a model, in a transaction that `write`
    opens; returns what `answer` makes of the image there.

    The blob is stored before the row that points to it. Raises `ModelNotFound`, `ModelIsTraining`,
    `TooManyImages`, `UnreadablePhoto`, `PhotoTooLarge`, and what `write` raises; nothing is stored
    then.
    """
    with folder.database.read() as transaction:
        _check(transaction, account, data)
    photo = read_photo(file, max_pixels)
    image_id = new_id()
    key = photo_key(data.modelID, image_id)
    with tempfile.NamedTemporaryFile(dir=folder.scratch, suffix=".jpg") as encoded:
        save_photo(photo, encoded)
        encoded.flush()
        folder.blobs.put(key, Path(encoded.name))
    try:
        with write() as transaction:
            _check(transaction, account, data)
            images.add_image(
                transaction,
                image_id=image_id,
                account_id=account.id,
                model_id=data.modelID,
                image_type=data.type,
                blob_key=key,
                data={"width": photo.width, "height": photo.height},
            )
            return answer(transaction, images.get_image(transaction, account, image_id))
    except (Refusal, Repeated):
        folder.discard(key)
        raise


def remove_photo(transaction: Transaction, account: Account, image_id: str) -> str:
    """Take an image out of the record; returns the key of its blob, to be deleted after the commit.

    Raises `ImageNotFound`, `ModelIsTraining`.
    """
    model_id = images.get_image(transaction, account, image_id)["model_id"]
    models.hold_model(transaction, model_id)
    image = images.get_image(transaction, account, image_id)
    if image["type"] == "modelInput":
        model = models.get_model(transaction, account, image["model_id"])
        if model["status"] == "training":
            raise ModelIsTraining
    images.remove_image(transaction, image_id)
    return image["blob_key"]


def _check(transaction: Transaction, account: Account, data: UploadData) -> None:
    model = models.get_model(transaction, account, data.modelID)
    if data.type == "modelInput" and model["status"] == "training":
        raise ModelIsTraining
    images.check_room(transaction, data.modelID, data.type)
