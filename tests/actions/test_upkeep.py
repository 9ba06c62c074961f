"""The sweeper and the erasing of deleted models."""

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.support.rooms import House

from likeness.actions.deletion import delete_model
from likeness.actions.upkeep import GRACE, erase_deleted, sweep
from likeness.models.table import models
from likeness.videos.service import add_video

HOUR = 3600.0


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House.build(tmp_path)


def age(path: Path, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def test_the_sweeper_takes_old_blobs_that_no_row_points_to(house: House) -> None:
    blobs = house.folder.blobs
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction, photos=2)
    orphan, young = f"models/{model_id}/photos/orphan.jpg", f"models/{model_id}/photos/young.jpg"
    for key in (orphan, young):
        blobs.put(key, b"nobody's")
    for batch in list(blobs.list()):
        for blob in batch:
            age(blobs.path(blob.key), 0 if blob.key == young else 2 * HOUR)
    assert sweep(house.folder, HOUR) == 1
    assert not blobs.path(orphan).exists()
    assert sum(len(batch) for batch in blobs.list()) == 3
    assert sweep(house.folder, HOUR) == 0


def test_the_sweeper_leaves_videos_that_are_there(house: House) -> None:
    kept, orphan = (f"models/veo-3.1/outputs/job/token/{place}.mp4" for place in (0, 1))
    with house.folder.database.write() as transaction:
        add_video(
            transaction,
            account_id=house.account.id,
            model_id="veo-3.1",
            job_id="job",
            position=0,
            blob_key=kept,
            data={},
        )
    for key in (kept, orphan):
        house.folder.blobs.put(key, b"a video")
        age(house.folder.blobs.path(key), 2 * HOUR)

    assert sweep(house.folder, HOUR) == 1

    assert house.folder.blobs.path(kept).exists()
    assert not house.folder.blobs.path(orphan).exists()


def test_a_deleted_model_is_erased_until_no_writer_can_be_left(house: House) -> None:
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction, photos=3)
        delete_model(transaction, house.account, model_id)
    late = f"models/{model_id}/outputs/late.jpg"
    for _ in range(2):
        house.folder.blobs.put(late, b"from a worker that has not heard of it")
        erase_deleted(house.folder)
        assert not house.folder.blobs.path(f"models/{model_id}").exists()
    with house.folder.database.write() as transaction:
        transaction.execute(update(models).values(deleted_at=models.c.deleted_at - GRACE - 1))
    erase_deleted(house.folder)
    house.folder.blobs.put(late, b"left to the sweeper")
    erase_deleted(house.folder)
    assert house.folder.blobs.path(late).exists(), "it is not looked at for ever"
