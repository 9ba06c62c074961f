"""Training a model."""

from typing import Any

from likeness.accounts.service import Account
from likeness.actions.ending import succeed
from likeness.actions.starting import Terms, start_job
from likeness.actions.upload import ModelIsTraining
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.jobs import queue
from likeness.jobs import service as jobs
from likeness.jobs.payloads import TrainingPayload
from likeness.models import service as models
from likeness.models.blob_keys import adapter_key
from likeness.store.database import Transaction

FEWEST_PHOTOS = 12
"""Contract: a training takes 12 to 20 modelInput images."""


class TooFewPhotos(Refusal):
    """The model has fewer than 12 modelInput images. Upload 12 to 20, then train."""


class TooManyTrainings(Refusal):
    """Too many trainings are queued or running. Wait until one of them has finished."""

    status = 429
    retry_after = 60


def start_training(
    transaction: Transaction,
    account: Account,
    model_id: str,
    limit: int,
    terms: Terms,
) -> str:
    """Enqueue a training and return its job's id; `limit` is the most an account may have at once.

    The transaction is alone, so that two requests cannot both be the last that the limit lets in.
    Raises `ModelNotFound`, `ModelIsTraining`, `TooFewPhotos`, `TooManyTrainings`,
    `InsufficientCredits`.
    """
    assert transaction.alone
    model = models.get_model(transaction, account, model_id)
    if model["status"] == "training":
        raise ModelIsTraining("This model is training already. Wait until it is ready.")
    count = images.count_images(transaction, model_id, "modelInput")
    if count < FEWEST_PHOTOS:
        raise TooFewPhotos(
            f"The model has {count} modelInput images. Upload {FEWEST_PHOTOS} to "
            f"{images.MOST_PER_TYPE}, then train."
        )
    if jobs.count_unfinished(transaction, account, "training") >= limit:
        raise TooManyTrainings
    payload = TrainingPayload(
        trigger=models.trigger_of(model_id), description=models.describe(model)
    )
    job_id = start_job(transaction, account, model_id, payload, terms)
    models.change_model(transaction, model_id, status="training", training_job_id=job_id)
    return job_id


def finish_training(
    transaction: Transaction, claim: queue.Claim, base: str, recipe: dict[str, Any]
) -> None:
    """Make a stored adapter the model's newest version and end the job.

    The transaction is alone: it holds the model after the job. Raises `ClaimLost`; nothing is
    changed then.
    """
    assert transaction.alone
    job = queue.fence(transaction, claim.token)
    assert isinstance(claim.payload, TrainingPayload)
    account = Account(claim.account_id)
    model = models.get_model(transaction, account, claim.model_id)
    models.add_adapter(
        transaction,
        model,
        {
            "job_id": claim.job_id,
            "base": base,
            "trigger": claim.payload.trigger,
            "description": claim.payload.description,
            "blob_key": adapter_key(claim.model_id, claim.job_id, claim.token),
            "recipe": recipe,
        },
    )
    succeed(transaction, job)
