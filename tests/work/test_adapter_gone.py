"""A generation whose adapter goes while a worker wants it."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import RowMapping, select
from tests.support.payloads import BASE, offer
from tests.support.rooms import House

from likeness.actions.deletion import CANCELLED, delete_model, erase_blobs
from likeness.bases import find_base
from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload
from likeness.jobs.table import jobs
from likeness.models import service as models
from likeness.models.blob_keys import adapter_key
from likeness.settings import Settings
from likeness.work import generation
from likeness.work.endings import fail_attempt
from likeness.work.source import AdapterGone


class Sampler:
    """Knows its base and cannot draw: without an adapter it must not be asked to."""

    base = find_base("mini")


@dataclass(frozen=True)
class Drawing:
    """A claimed generation of a model with an adapter."""

    house: House
    model_id: str
    adapter: str
    claim: queue.Claim

    def run(self) -> None:
        """What a worker does with it."""
        nothing: Any = None
        sampler: Any = Sampler()
        settings = Settings.read(**self.house.settings)
        attempt = generation.run_generation(
            self.house.folder, settings, sampler, nothing, self.claim, lambda *_: None
        )
        assert list(attempt) == [], "nothing is to be drawn"

    def job(self) -> RowMapping:
        """The row of the job."""
        with self.house.folder.database.read() as transaction:
            row = transaction.one(select(jobs).where(jobs.c.id == self.claim.job_id))
        assert row is not None
        return row

    def copies(self) -> list[str]:
        """What this machine keeps of the blob store."""
        return [path.name for path in self.house.folder.copies.rglob("*") if path.is_file()]


@pytest.fixture
def drawing(house: House) -> Drawing:
    with house.folder.database.write(alone=True) as transaction:
        model_id = house.model(transaction)
        key = adapter_key(model_id, "job", "token")
        house.folder.blobs.put(key, b"an adapter")
        model = models.get_model(transaction, house.account, model_id)
        adapter_id = models.add_adapter(
            transaction,
            model,
            {
                "job_id": model_id,
                "base": "mini",
                "trigger": "lk0000",
                "description": "a person",
                "blob_key": key,
                "recipe": {},
            },
        )
        payload = GenerationPayload(
            adapter_id=adapter_id,
            prompt="at the beach",
            width=64,
            height=64,
            num_images=1,
            steps=None,
            seed=1,
        )
        queue.enqueue(transaction, house.account.id, model_id, payload, BASE)
        claim = queue.claim(transaction, offer("worker", ["generation"]), 30)
    assert claim is not None
    return Drawing(house, model_id, key, claim)


def test_a_file_that_is_lost_fails_the_job_with_what_to_do(drawing: Drawing) -> None:
    drawing.house.folder.blobs.delete([drawing.adapter])

    with pytest.raises(AdapterGone) as gone:
        drawing.run()
    fail_attempt(drawing.house.folder.database, drawing.claim, str(gone.value))

    assert drawing.job()["status"] == "failed"
    assert drawing.job()["error"].endswith("Train the model again.")
    assert drawing.copies() == []


def test_a_model_that_was_deleted_ends_the_claim(drawing: Drawing) -> None:
    with drawing.house.folder.database.write(alone=True) as transaction:
        delete_model(transaction, drawing.house.account, drawing.model_id)

    with pytest.raises(queue.ClaimLost):
        drawing.run()

    assert drawing.job()["error"] == CANCELLED


def test_a_model_that_is_deleted_just_then_stays_deleted(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, really = drawing.house.folder, generation.nearest_size

    def deleted_meanwhile(*asked: Any) -> tuple[int, int]:
        with folder.database.write(alone=True) as transaction:
            delete_model(transaction, drawing.house.account, drawing.model_id)
        erase_blobs(folder, drawing.model_id)
        return really(*asked)

    monkeypatch.setattr(generation, "nearest_size", deleted_meanwhile)
    with pytest.raises(AdapterGone) as gone:
        drawing.run()
    fail_attempt(folder.database, drawing.claim, str(gone.value))

    assert (drawing.job()["status"], drawing.job()["error"]) == ("failed", CANCELLED)
    assert drawing.house.keys() == set()
    assert drawing.copies() == []
