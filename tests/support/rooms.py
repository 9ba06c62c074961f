"""Rows for tests that use the rooms without HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from likeness.accounts.service import Account, authenticate, create_key
from likeness.images import service as images
from likeness.models import service as models
from likeness.settings import Settings
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.store.ids import new_id
from likeness.videos import service as videos


@dataclass(frozen=True)
class House:
    """A data folder and one account in it."""

    folder: DataFolder
    account: Account
    settings: Mapping[str, str]
    """The options that lead to the folder."""

    @classmethod
    def build(cls, path: Path, **options: str) -> "House":
        """A new folder with one account; options are those of the settings, e.g. `blob_url`."""
        settings = {"data": str(path), **options}
        folder = DataFolder.of(Settings.read(**settings))
        with folder.database.write(alone=True) as transaction:
            account = authenticate(transaction, create_key(transaction, "test"))
        assert account is not None
        return cls(folder, account, settings)

    def model(self, transaction: Transaction, photos: int = 0) -> str:
        """A model with so many training photos, each with a blob."""
        model_id: str = models.create_model(transaction, self.account, {"name": "Asha"})["id"]
        for _ in range(photos):
            self.photo(transaction, model_id)
        return model_id

    def keys(self, below: str | None = None) -> set[str]:
        """The keys of all blobs, or of those in a folder."""
        return {blob.key for batch in self.folder.blobs.list(below) for blob in batch}

    def photo(self, transaction: Transaction, model_id: str) -> str:
        """One training photo of a model."""
        image_id = new_id()
        key = f"models/{model_id}/photos/{image_id}.jpg"
        self.folder.blobs.put(key, b"a photo")
        images.add_image(
            transaction,
            image_id=image_id,
            account_id=self.account.id,
            model_id=model_id,
            image_type="modelInput",
            blob_key=key,
            data={},
        )
        return image_id


def add_clip(folder: DataFolder, key: str) -> str:
    """The id of a new video, with a blob, of the account that an API key speaks for."""
    blob_key, job_id = "models/veo-3.1/outputs/clip.mp4", new_id()
    folder.blobs.put(blob_key, b"a video")
    with folder.database.write() as transaction:
        account = authenticate(transaction, key)
        assert account is not None
        videos.add_video(
            transaction,
            account_id=account.id,
            model_id="veo-3.1",
            job_id=job_id,
            position=0,
            blob_key=blob_key,
            data={},
        )
        (row,) = videos.videos_of_job(transaction, account, job_id)
        return row["id"]
