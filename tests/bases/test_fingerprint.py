from pathlib import Path

import pytest

from likeness.bases.fingerprint import BLOCK, WHOLE, fingerprint_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model_index.json").write_text("{}")
    (tmp_path / "transformer").mkdir()
    (tmp_path / "transformer" / "weights.safetensors").write_bytes(bytes(WHOLE + 10 * BLOCK))
    return tmp_path


def test_it_is_stable_and_short(folder: Path) -> None:
    first = fingerprint_of(folder)

    assert first == fingerprint_of(folder)
    assert len(first) == 16


def test_recipes_and_readmes_do_not_change_it(folder: Path) -> None:
    first = fingerprint_of(folder)
    (folder / "manifest.json").write_text("{}")
    (folder / "README.md").write_text("hello")
    (folder / "transformer" / ".cache").write_text("x")

    assert fingerprint_of(folder) == first


@pytest.mark.parametrize("place", [0, -1])
def test_other_weights_of_the_same_shape_change_it(folder: Path, place: int) -> None:
    first = fingerprint_of(folder)
    weights = bytearray((folder / "transformer" / "weights.safetensors").read_bytes())
    weights[place] ^= 1
    (folder / "transformer" / "weights.safetensors").write_bytes(weights)

    assert fingerprint_of(folder) != first


def test_a_renamed_part_changes_it(folder: Path) -> None:
    first = fingerprint_of(folder)
    (folder / "transformer").rename(folder / "unet")

    assert fingerprint_of(folder) != first
