"""Rules of images."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.images.schemas import TYPES, Filter, ImageType
from likeness.images.table import images
from likeness.store.database import Transaction
from likeness.store.ids import is_id

MOST_PER_TYPE = 20
"""Uploads of each type that a model holds (contract: "20 images of each type per model")."""


OWNED = select(images).where(images.c.account_id == bindparam("account"))
"""The images of one account: where every read for a client starts."""

_BY_ID = OWNED.where(images.c.id == bindparam("id"))
_OF_JOB = OWNED.where(images.c.job_id == bindparam("job")).order_by(images.c.position)
_OF_MODEL = (
    OWNED.where(images.c.model_id == bindparam("model"))
    .order_by(images.c.id.desc())
    .limit(bindparam("size"))
    .offset(bindparam("start"))
)
_OF_TYPE = _OF_MODEL.where(images.c.type == bindparam("type"))


class ImageNotFound(Refusal):
    """There is no image with this id. GET /models/{modelID}/images lists the images of a model."""

    status = 404


class TooManyImages(Refusal):
    """The model already holds 20 images of this type, which is the most. Delete one first."""


def get_image(transaction: Transaction, account: Account, image_id: str) -> RowMapping:
    """An image of the account. Raises `ImageNotFound`."""
    if is_id(image_id):
        row = transaction.one(_BY_ID, account=account.id, id=image_id)
        if row is not None:
            return row
    raise ImageNotFound


def list_images(
    transaction: Transaction, account: Account, model_id: str, show: Filter, page: int, size: int
) -> Sequence[RowMapping]:
    """One page of a model's images, newest first; pages count from 1. Public models have none."""
    if not is_id(model_id):
        return []
    asked = {"account": account.id, "model": model_id, "size": size, "start": (page - 1) * size}
    kind = TYPES[show]
    if kind is None:
        return transaction.all(_OF_MODEL, **asked)
    return transaction.all(_OF_TYPE, **asked, type=kind)


def images_of_job(transaction: Transaction, account: Account, job_id: str) -> Sequence[RowMapping]:
    """What a job made, in its order."""
    return transaction.all(_OF_JOB, account=account.id, job=job_id)


def photos_of_model(transaction: Transaction, model_id: str) -> Sequence[RowMapping]:
    """The training photos of a model, oldest first: for the worker that trains on them."""
    query = select(images).where(images.c.model_id == model_id, images.c.type == "modelInput")
    return transaction.all(query.order_by(images.c.id))


def count_images(transaction: Transaction, model_id: str, image_type: ImageType) -> int:
    """How many images of a type a model has."""
    return transaction.scalar(
        select(func.count()).where(images.c.model_id == model_id, images.c.type == image_type)
    )


def check_room(transaction: Transaction, model_id: str, image_type: ImageType) -> None:
    """Raises `TooManyImages` when no upload of this type fits any more."""
    if count_images(transaction, model_id, image_type) >= MOST_PER_TYPE:
        raise TooManyImages


def add_image(
    transaction: Transaction,
    *,
    image_id: str,
    account_id: str,
    model_id: str,
    image_type: ImageType,
    blob_key: str,
    data: dict[str, Any],
    job_id: str | None = None,
    position: int | None = None,
) -> None:
    """Make an image visible; its blob must be stored already."""
    transaction.execute(
        insert(images).values(
            id=image_id,
            account_id=account_id,
            model_id=model_id,
            job_id=job_id,
            position=position,
            type=image_type,
            blob_key=blob_key,
            data=data,
            created_at=transaction.now,
            updated_at=transaction.now,
        )
    )


def link_upscaled(transaction: Transaction, image_id: str, upscaled_id: str) -> None:
    """Let an image name its newest enlarged version. Raises `ImageNotFound`."""
    linked = transaction.execute(
        update(images)
        .where(images.c.id == image_id)
        .values(upscaled_id=upscaled_id, updated_at=transaction.now)
    )
    if not linked.rowcount:
        raise ImageNotFound


def remove_image(transaction: Transaction, image_id: str) -> None:
    """Take an image out of the record; its blob is the caller's to erase."""
    transaction.execute(
        update(images).where(images.c.upscaled_id == image_id).values(upscaled_id=None)
    )
    transaction.execute(delete(images).where(images.c.id == image_id))


def remove_images_of_model(transaction: Transaction, model_id: str) -> None:
    """Take all images of a model out of the record."""
    transaction.execute(delete(images).where(images.c.model_id == model_id))


def find_file(transaction: Transaction, image_id: str) -> str | None:
    """The blob key behind a signed URL, whoever owns it."""
    return transaction.scalar(select(images.c.blob_key).where(images.c.id == image_id))
