"""Deleting a model: final, and nothing that was under way can bring anything back."""

from likeness.accounts import answers
from likeness.accounts.service import Account
from likeness.actions.ending import fail_all
from likeness.images import service as images
from likeness.jobs import at_hand, queue
from likeness.jobs import service as jobs
from likeness.models import service as models
from likeness.models.blob_keys import folder_of
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder

CANCELLED = "cancelled: the model was deleted"


def delete_model(transaction: Transaction, account: Account, model_id: str) -> None:
    """Cancel the model's jobs and take it, its images and its adapters out of the record.

    Its blobs are the caller's to erase after the commit. The transaction is alone: it ends jobs.
    Raises `ModelNotFound`.
    """
    assert transaction.alone
    models.get_model(transaction, account, model_id)
    unfinished = jobs.unfinished_of_model(transaction, model_id)
    queue.forget(transaction, model_id)
    answers.forget(transaction, model_id)
    images.remove_images_of_model(transaction, model_id)
    models.bury(transaction, model_id)
    # After the images: standings and balances are held last.
    fail_all(transaction, [(job, CANCELLED) for job in unfinished])
    # After the standings, as claims do.
    at_hand.forget_model(transaction, model_id)


def erase_blobs(folder: DataFolder, model_id: str) -> None:
    """Remove everything that a deleted model has in the blob store, and this machine's copies."""
    folder.blobs.erase(folder_of(model_id))
    folder.erase_copies(folder_of(model_id))
