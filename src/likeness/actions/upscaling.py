"""Enlarging an image."""

from pydantic import Field

from likeness.accounts.service import Account
from likeness.actions.ending import succeed
from likeness.actions.outcome import Made, show
from likeness.actions.starting import Terms, start_job
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.jobs import queue
from likeness.jobs.payloads import UpscalingPayload
from likeness.store.database import Transaction
from likeness.webhooks.schemas import Told
from likeness.wire import Body, Text

MOST_PIXELS = 40_000_000
"""Of a picture that is enlarged: one of four times as many takes half a gigabyte of memory."""


class ImageTooLarge(Refusal):
    """The image has more than 40 million pixels already. Send a smaller one."""


class UpscalingBody(Body):
    """The body of triggerImageUpscalingJob."""

    imageID: Text = Field(description="any of your images")
    webhookUrl: Told = None


def start_upscaling(
    transaction: Transaction, account: Account, body: UpscalingBody, terms: Terms
) -> str:
    """Enqueue the enlarging of an image and return the job's id.

    Raises `ImageNotFound`, `ImageTooLarge`, `InsufficientCredits`.
    """
    image = images.get_image(transaction, account, body.imageID)
    if image["data"]["width"] * image["data"]["height"] > MOST_PIXELS:
        raise ImageTooLarge
    payload = UpscalingPayload(image_id=image["id"])
    return start_job(transaction, account, image["model_id"], payload, terms, body.webhookUrl)


def finish_upscaling(transaction: Transaction, claim: queue.Claim, made: Made) -> None:
    """Make the stored picture visible, link it from its source and end the job, all or nothing.

    Raises `ClaimLost`, and `ImageNotFound` when the source was deleted.
    """
    job = queue.fence(transaction, claim.token)
    assert isinstance(claim.payload, UpscalingPayload)
    source = images.get_image(transaction, Account(claim.account_id), claim.payload.image_id)
    images.link_upscaled(transaction, source["id"], show(transaction, claim, made))
    succeed(transaction, job)
