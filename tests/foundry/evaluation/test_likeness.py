"""One person is measured from photos to figures, by a base and a judge that know nothing."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tests.foundry.parts.datasets import write_dataset
from tests.support.tiny_base import build_tiny_base

from foundry.dataset import Dataset
from foundry.evaluation.likeness import PICTURES, Bench, Gallery, PersonFigures, measure_person
from foundry.judge import Judge
from foundry.networks.judge import JudgeNetwork
from likeness.bases import find_base


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    data = write_dataset(folder / "data", people=3, photos=18, size=64)
    torch.manual_seed(0)
    judge = Judge(JudgeNetwork(), torch.device("cpu"))
    base = find_base(str(build_tiny_base(folder / "base")))
    gallery = Gallery.of(data, judge, folder / "gallery.npy")
    return Bench(base, judge, data, gallery, "cpu", threads=1)


def test_a_gallery_keeps_photos_for_training_apart(bench: Bench, tmp_path: Path) -> None:
    gallery = bench.gallery

    assert [len(one) for one in gallery.trained_on] == [16] * 3
    assert [len(one) for one in gallery.others] == [2] * 3
    assert np.allclose(np.linalg.norm(gallery.centres(), axis=1), 1, atol=1e-5)


def test_a_gallery_is_looked_at_once(bench: Bench, tmp_path: Path) -> None:
    first = Gallery.of(bench.data, bench.judge, tmp_path / "gallery.npy")
    nobody = Dataset(bench.data.shards, bench.data.entries)

    again = Gallery.of(nobody, bench.judge, tmp_path / "gallery.npy")

    assert np.array_equal(first.centres(), again.centres())


def test_a_person_is_measured_once(bench: Bench, tmp_path: Path) -> None:
    figures = measure_person(bench, 1, tmp_path)

    assert -1 <= figures.floor <= 1
    assert -1 <= figures.ceiling <= 1
    assert 0 <= figures.recognised <= 1
    assert set(figures.followed) == {"clothes", "background", "expression", "eyewear"}
    assert figures.seconds > 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (8 * 64, 3 * 64)
    written = (tmp_path / "figures.json").stat().st_mtime_ns
    assert measure_person(bench, 1, tmp_path) == figures
    assert (tmp_path / "figures.json").stat().st_mtime_ns == written


def test_likeness_is_one_for_real_photos_and_none_for_strangers() -> None:
    def figures(generated: float) -> PersonFigures:
        return PersonFigures(
            number=0,
            generated=generated,
            before=0,
            ceiling=0.8,
            floor=0.2,
            recognised=0,
            followed={},
            seconds=1,
            picture_seconds=1,
        )

    assert figures(0.8).likeness == pytest.approx(1)
    assert figures(0.5).likeness == pytest.approx(0.5)
    assert figures(0.2).likeness == pytest.approx(0)
    assert PICTURES == 32
