"""The sweeper and the erasing of deleted models."""

import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from tests.support.rooms import House

from likeness.actions.deletion import delete_model
from likeness.actions.upkeep import GRACE, erase_deleted, sweep, sweep_in_turn
from likeness.models.table import models
from likeness.store.blobs import Blob
from likeness.videos.service import add_video

HOUR = 3600.0


def nothing() -> None:
    """What a lone sweeper does at each page."""


def test_the_sweeper_takes_old_blobs_that_no_row_points_to(house: House) -> None:
    blobs = house.folder.blobs
    with house.folder.database.write() as transaction:
        model_id = house.model(transaction, photos=2)
    photos = house.keys()
    blobs.put(f"models/{model_id}/photos/orphan.jpg", b"nobody's")
    assert sweep(house.folder, HOUR, nothing) == 0, "its row may come yet"
    assert sweep(house.folder, 0.0, nothing) == 1
    assert house.keys() == photos
    assert len(photos) == 2
    assert sweep(house.folder, 0.0, nothing) == 0


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

    assert sweep(house.folder, 0.0, nothing) == 1

    assert house.keys() == {kept}


def add_orphans(house: House, *names: str) -> None:
    """Blobs without a row."""
    for name in names:
        house.folder.blobs.put(f"models/a/photos/{name}.jpg", b"nobody's")


def test_one_sweeper_is_enough(house: House) -> None:
    add_orphans(house, "first")
    assert sweep_in_turn(house.folder, 0.0, HOUR) == 1
    add_orphans(house, "second")
    assert sweep_in_turn(house.folder, 0.0, HOUR) == 0, "another one did it a moment ago"


def test_a_sweep_is_due_again_after_a_pause(house: House) -> None:
    assert sweep_in_turn(house.folder, 0.0, pause=1.0) == 0
    add_orphans(house, "late")
    time.sleep(1.1)
    assert sweep_in_turn(house.folder, 0.0, pause=1.0) == 1


def test_of_sweepers_that_meet_one_sweeps(house: House) -> None:
    add_orphans(house, "a", "b", "c")
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: sweep_in_turn(house.folder, 0.0, HOUR), range(4)))
    assert sorted(counts) == [0, 0, 0, 3]


def test_a_long_sweep_is_not_begun_by_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page takes much less than the pause also where everything is slow, and all of them more.
    pause = 6.0
    add_orphans(house, "a", "b", "c")
    (page,) = house.folder.blobs.list()
    others: list[int] = []

    def slowly(*_: object) -> Generator[list[Blob]]:
        for blob in page:
            time.sleep(0.4 * pause)
            others.append(sweep_in_turn(house.folder, 0.0, pause))
            yield [blob]

    monkeypatch.setattr(type(house.folder.blobs), "list", slowly)
    assert sweep_in_turn(house.folder, 0.0, pause) == 3
    assert others == [0, 0, 0]


def test_a_sweeper_that_dies_is_followed_by_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise RuntimeError

    add_orphans(house, "left")
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(type(house.folder.blobs), "list", dies)
        sweep_in_turn(house.folder, 0.0, pause=1.0)
    time.sleep(1.1)
    assert sweep_in_turn(house.folder, 0.0, pause=1.0) == 1


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
