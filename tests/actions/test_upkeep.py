"""The sweeper and the erasing of deleted models."""

from sqlalchemy import update
from tests.support.rooms import House

from likeness.actions.deletion import delete_model
from likeness.actions.upkeep import GRACE, erase_deleted, sweep
from likeness.models.table import models
from likeness.videos.service import add_video

HOUR = 3600.0


def test_the_sweeper_takes_old_blobs_that_no_row_points_to(house: House) -> None:
    blobs = house.folder.blobs
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction, photos=2)
    photos = house.keys()
    blobs.put(f"models/{model_id}/photos/orphan.jpg", b"nobody's")
    assert sweep(house.folder, HOUR) == 0, "its row may come yet"
    assert sweep(house.folder, 0.0) == 1
    assert house.keys() == photos
    assert len(photos) == 2
    assert sweep(house.folder, 0.0) == 0


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

    assert sweep(house.folder, 0.0) == 1

    assert house.keys() == {kept}


def test_a_deleted_model_is_erased_until_no_writer_can_be_left(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        model_id = house.model(transaction, photos=3)
        delete_model(transaction, house.account, model_id)
    late = f"models/{model_id}/outputs/late.jpg"
    copy = house.folder.copies / late
    for _ in range(2):
        house.folder.blobs.put(late, b"from a worker that has not heard of it")
        copy.parent.mkdir(parents=True)
        copy.write_bytes(b"of the same worker")
        erase_deleted(house.folder)
        assert house.keys(f"models/{model_id}") == set()
        assert not copy.parent.exists()
    with house.folder.database.write() as transaction:
        transaction.execute(update(models).values(deleted_at=models.c.deleted_at - GRACE - 1))
    erase_deleted(house.folder)
    house.folder.blobs.put(late, b"left to the sweeper")
    erase_deleted(house.folder)
    assert house.keys() == {late}, "it is not looked at for ever"
