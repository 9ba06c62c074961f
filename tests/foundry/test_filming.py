"""From an asset pack to clips on disk, through the command that people use."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from foundry.cli import cli
from foundry.footage import Footage
from foundry.portraits.moment import photo_moment
from foundry.portraits.tiny_pack import write_tiny_pack
from likeness.engine.acting.moments import clip_moments

pytestmark = pytest.mark.graphics


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("pack"))


def film(pack: Path, folder: Path, people: int, seed: int = 0) -> Footage:
    arguments = ["footage", str(pack), str(folder), "--clips", "2", "--frames", "5"]
    options = ["--size", "32", "--people", str(people), "--seed", str(seed)]
    result = CliRunner().invoke(cli, [*arguments, *options])
    assert result.exit_code == 0, result.output
    return Footage.open(folder)


def test_filming_goes_on_with_what_is_missing(pack: Path, tmp_path: Path) -> None:
    first = film(pack, tmp_path, people=10)
    written = (tmp_path / "00000.npy").stat().st_mtime_ns

    footage = film(pack, tmp_path, people=11)

    assert (tmp_path / "00000.npy").stat().st_mtime_ns == written
    assert len(first) == 20
    assert (len(footage), footage.frames, footage.size) == (22, 5, 32)
    assert [len(group) for group in footage.people()] == [2] * 11
    assert len({record.motion.seed for record in footage.records}) == 22
    pixels = footage.clips(range(22))
    assert (pixels[:, 1:].astype(int) != pixels[:, :-1]).any(axis=(1, 2, 3, 4)).all()


def test_records_say_where_the_face_is_in_each_frame(pack: Path, tmp_path: Path) -> None:
    record = film(pack, tmp_path, people=1).records[0]

    assert len(record.landmarks) == len(record.face) == len(record.yaw) == 5
    assert all(len(frame) == 5 for frame in record.landmarks)
    moments = clip_moments(photo_moment(record.photo), record.motion)
    assert record.yaw == tuple(moment.yaw for moment in moments)
    assert record.yaw[0] == record.photo.yaw
    eyes = [(left + right) / 2 for (left, _), (right, _), *_ in record.landmarks]
    assert all(
        abs(x - middle) < side for x, (middle, _, side) in zip(eyes, record.face, strict=True)
    )


def test_other_seeds_have_other_people(pack: Path, tmp_path: Path) -> None:
    one, other = (film(pack, tmp_path / str(seed), people=1, seed=seed) for seed in (1, 2))

    assert one.records[0].person != other.records[0].person
    assert not np.array_equal(one.clips([0]), other.clips([0]))


def test_a_folder_that_is_no_pack_is_told_at_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["footage", str(tmp_path), str(tmp_path / "out")])

    assert result.exit_code == 2
    assert "mesh.npz" in result.output
    assert not (tmp_path / "out").exists()
