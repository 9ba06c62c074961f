"""A data folder with claims in it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import RowMapping, select
from tests.support.payloads import FREE, offer
from tests.support.photos import small
from tests.support.rooms import House

from likeness.actions.training import start_training
from likeness.images.service import photos_of_model
from likeness.jobs import queue
from likeness.jobs.table import jobs

OWNER = "embedded/test"


@dataclass(frozen=True)
class Work:
    """A folder in which one training is claimed."""

    house: House
    model_id: str
    claim: queue.Claim

    def job(self) -> RowMapping:
        """The training's row."""
        with self.house.folder.database.read() as transaction:
            row = transaction.one(select(jobs).where(jobs.c.id == self.claim.job_id))
        assert row is not None
        return row

    def lose(self) -> None:
        """End the claim."""
        with self.house.folder.database.write(alone=True) as transaction:
            queue.hand_back(transaction, self.job(), count_attempt=True)


@pytest.fixture
def work(house: House) -> Work:
    """A model with twelve photos whose training is claimed."""
    with house.folder.database.write(alone=True) as transaction:
        model_id = house.model(transaction, photos=12)
        for shade, row in enumerate(photos_of_model(transaction, model_id)):
            house.folder.blobs.put(row["blob_key"], small(shade=20 * shade))
        start_training(transaction, house.account, model_id, 3, FREE)
        claim = queue.claim(transaction, offer(OWNER, ["training"]), 30)
    assert claim is not None
    return Work(house, model_id, claim)
