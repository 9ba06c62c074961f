"""Enlarging an image."""

from typing import Any

from pydantic import Field

from likeness.accounts.service import Account
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.jobs import queue
from likeness.jobs.payloads import UpscalingPayload
from likeness.models.blob_keys import output_key
from likeness.store.database import Transaction
from likeness.store.ids import new_id
from likeness.wire import Body, Text

MOST_PIXELS = 40_000_000
"""Of a picture that is enlarged: one of four times as many takes half a gigabyte of memory."""


class ImageTooLarge(Refusal):
    """The image has more than 40 million pixels already. Send a smaller one."""


class UpscalingBody(Body):
    """The body of triggerImageUpscalingJob."""

    imageID: Text = Field(description="any of your images")


def start_upscaling(transaction: Transaction, account: Account, body: UpscalingBody) -> str:
    """Enqueue the enlarging of an image and return the job's id.

    Raises `ImageNotFound`, `ImageTooLarge`.
    """
    image = images.get_image(transaction, account, body.imageID)
    if image["data"]["width"] * image["data"]["height"] > MOST_PIXELS:
        raise ImageTooLarge
    payload = UpscalingPayload(image_id=image["id"])
    return queue.enqueue(transaction, account.id, image["model_id"], payload)


def finish_upscaling(transaction: Transaction, claim: queue.Claim, data: dict[str, Any]) -> None:
    """Make the stored picture visible, link it from its source and end the job, all or nothing.

    Raises `ClaimLost`, and `ImageNotFound` when the source was deleted.
    """
    queue.fence(transaction, claim.token)
    assert isinstance(claim.payload, UpscalingPayload)
    source = images.get_image(transaction, Account(claim.account_id), claim.payload.image_id)
    image_id = new_id()
    images.add_image(
        transaction,
        image_id=image_id,
        account_id=claim.account_id,
        model_id=claim.model_id,
        image_type="modelOutput",
        blob_key=output_key(claim.model_id, claim.job_id, claim.token, 0),
        data=data,
        job_id=claim.job_id,
        position=0,
    )
    images.link_upscaled(transaction, source["id"], image_id)
    queue.end(transaction, claim.job_id, None)
