"""Clips on disk are read whole or not at all."""

from pathlib import Path

import numpy as np
import pytest
from tests.foundry.people import LANDMARKS, pictures

from foundry.dataset import Pixels, write_shard
from foundry.errors import BadFootage
from foundry.footage import Footage, Take
from foundry.portraits.directing import draw_motion, draw_start
from foundry.portraits.person import draw_person

FRAMES, CLIPS = 5, 2


def clips(count: int, seed: int = 0, frames: int = FRAMES, size: int = 32) -> Pixels:
    return pictures(count * frames, seed, size).reshape(count, frames, size, size, 3)


def takes(count: int, start: int = 0) -> list[Take]:
    """Records of people from number `start` on, each with two clips."""
    found: list[Take] = []
    for index in range(count):
        number = start + index // CLIPS
        person = draw_person(number)
        photo = draw_start(index, person)
        found.append(
            Take(
                number=number,
                person=person,
                photo=photo,
                motion=draw_motion(index, person, photo, FRAMES, 8),
                landmarks=(LANDMARKS,) * FRAMES,
                face=((0.5, 0.5, 0.4),) * FRAMES,
                yaw=(photo.yaw,) * FRAMES,
            )
        )
    return found


def test_what_is_written_is_read(tmp_path: Path) -> None:
    first, second = clips(4, seed=1), clips(2, seed=2)
    write_shard(tmp_path, 1, second, takes(2, start=2))
    write_shard(tmp_path, 0, first, takes(4))

    footage = Footage.open(tmp_path)
    copied = footage.clips([5, 0, 3])

    assert (len(footage), footage.frames, footage.size) == (6, FRAMES, 32)
    assert np.array_equal(copied, [second[1], first[0], first[3]])
    assert copied.flags.writeable
    assert footage.people() == [[0, 1], [2, 3], [4, 5]]
    assert list(footage.records) == [*takes(4), *takes(2, start=2)]


def test_unfinished_shards_are_not_seen(tmp_path: Path) -> None:
    write_shard(tmp_path, 0, clips(2), takes(2))
    np.save(tmp_path / "00001.npy", clips(2))

    assert len(Footage.open(tmp_path)) == 2


def test_folders_that_hold_no_footage_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFootage, match="no shards"):
        Footage.open(tmp_path)
    write_shard(tmp_path, 0, pictures(2), takes(2))
    with pytest.raises(BadFootage, match="holds no clips"):
        Footage.open(tmp_path)
    write_shard(tmp_path, 0, clips(2), takes(1))
    with pytest.raises(BadFootage, match="one record for each clip"):
        Footage.open(tmp_path)


@pytest.mark.parametrize(("frames", "size"), [(4, 32), (FRAMES, 16)])
def test_clips_of_one_folder_are_alike(tmp_path: Path, frames: int, size: int) -> None:
    write_shard(tmp_path, 0, clips(2), takes(2))
    write_shard(tmp_path, 1, clips(2, frames=frames, size=size), takes(2))

    with pytest.raises(BadFootage, match="different sizes or lengths"):
        Footage.open(tmp_path)
