"""What a job made, becoming visible."""

from dataclasses import dataclass
from typing import Any

from likeness.images import service as images
from likeness.jobs import queue
from likeness.store.database import Transaction
from likeness.store.ids import new_id


@dataclass(frozen=True)
class Made:
    """A stored picture of a job: its place there, its blob, what its record says."""

    position: int
    blob_key: str
    data: dict[str, Any]


def show(transaction: Transaction, claim: queue.Claim, made: Made) -> str:
    """Make a picture visible; returns the new image's id. The claim must be fenced already."""
    image_id = new_id()
    images.add_image(
        transaction,
        image_id=image_id,
        account_id=claim.account_id,
        model_id=claim.model_id,
        image_type="modelOutput",
        blob_key=made.blob_key,
        data=made.data,
        job_id=claim.job_id,
        position=made.position,
    )
    return image_id
