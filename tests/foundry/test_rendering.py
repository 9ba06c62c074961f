"""From an asset pack to a dataset on disk, through the command that people use."""

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from foundry import rendering
from foundry.cli import cli
from foundry.dataset import Dataset
from foundry.portraits.tiny_pack import write_tiny_pack

pytestmark = pytest.mark.graphics


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs") / "a pack"
    write_tiny_pack(folder)
    return folder


CRASH_ONCE = "TESTS_CRASH_ONCE"
render_shard = rendering._render_shard


def crash_once(commission: rendering.Commission, number: int) -> None:
    """In a process of the pool: die as a driver makes one die, at the second shard's first try."""
    mark = Path(os.environ[CRASH_ONCE])
    if number == 1 and not mark.exists():
        mark.touch()
        os.abort()
    render_shard(commission, number)


def crash(*_: object) -> None:
    os.abort()


def render(pack: Path, folder: Path, people: int, seed: int = 0, cut_out: bool = False) -> Dataset:
    arguments = ["render", str(pack), str(folder), "--photos", "2", "--size", "32"]
    options = ["--people", str(people), "--seed", str(seed), *(["--cut-out"] if cut_out else [])]
    result = CliRunner().invoke(cli, [*arguments, *options])
    assert result.exit_code == 0, result.output
    return Dataset.open(folder)


def test_rendering_goes_on_with_what_is_missing(pack: Path, tmp_path: Path) -> None:
    first = render(pack, tmp_path, people=50)
    written = (tmp_path / "00000.npy").stat().st_mtime_ns

    data = render(pack, tmp_path, people=53)

    assert (tmp_path / "00000.npy").stat().st_mtime_ns == written
    assert len(first) == 100
    assert len(data) == 106
    assert data.size == 32
    assert [len(group) for group in data.people()] == [2] * 53
    entry = data.entries[-1]
    assert entry.number == 52
    assert all(0 < x < 1 and 0 < y < 1 for x, y in entry.landmarks)
    assert data.pictures([0, 105]).std() > 10


def test_other_seeds_have_other_people(pack: Path, tmp_path: Path) -> None:
    one, other = (render(pack, tmp_path / str(seed), people=1, seed=seed) for seed in (1, 2))

    assert one.entries[0].person != other.entries[0].person
    assert not np.array_equal(one.pictures([0]), other.pictures([0]))


def test_a_folder_that_is_no_pack_is_told_at_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["render", str(tmp_path), str(tmp_path / "out")])

    assert result.exit_code == 2
    assert "mesh.npz" in result.output
    assert not (tmp_path / "out").exists()


def test_a_crash_of_the_graphics_driver_costs_a_shard_no_more(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CRASH_ONCE, str(tmp_path / "crashed"))
    monkeypatch.setattr(rendering, "_render_shard", crash_once)

    data = render(pack, tmp_path / "data", people=60)

    assert (tmp_path / "crashed").exists()
    assert len(data) == 120


def test_a_driver_that_always_crashes_is_told(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_render_shard", crash)

    result = CliRunner().invoke(cli, ["render", str(pack), str(tmp_path / "data")])

    assert result.exit_code == 2
    assert "graphics driver" in result.output


def test_cut_outs_are_the_people_alone(pack: Path, tmp_path: Path) -> None:
    whole = render(pack, tmp_path / "whole", people=1)
    cut = render(pack, tmp_path / "cut", people=1, cut_out=True)

    assert cut.entries == whole.entries
    pictures, people = whole.pictures([0, 1]).astype(int), cut.pictures([0, 1]).astype(int)
    share = people[..., 3:]
    assert (share[:, 0] == 0).all() and 0.1 < (share == 255).mean() < 0.9
    # Where there is nothing but the person, it is the picture; where there is nothing of them, it
    # is black.
    alone = np.broadcast_to(share == 255, pictures.shape)
    assert np.abs(people[..., :3] - pictures)[alone].max() <= 2
    assert not people[..., :3][np.broadcast_to(share == 0, pictures.shape)].any()
