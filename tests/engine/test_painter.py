"""A small pipeline says how what is new is to change, here a tiny one with random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.support.tiny_wan import build_tiny_wan

from likeness.engine.between import Pixels
from likeness.engine.clip_manifest import FILE, ClipManifest
from likeness.engine.errors import LoadFailed
from likeness.engine.painter import Painter

SIDE, WINDOW = 32, 9
SMALL = ClipManifest(rate=8, window=WINDOW, side=SIDE)


def grey(level: int) -> Pixels:
    return np.full((SIDE, SIDE, 3), level, np.uint8)


def write(folder: Path, text: str = SMALL.model_dump_json(), folded: bool = False) -> Path:
    build_tiny_wan(folder, folded)
    (folder / FILE).write_text(text)
    return folder


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Painter:
    return Painter(write(tmp_path_factory.mktemp("painter") / "tiny"), "cpu")


def paint(
    painter: Painter, levels: list[int], new: float = 1.0, prompt: str = "nods"
) -> NDArray[np.float32]:
    """What changes in grey pictures, of which all but the first are new."""
    masks = np.full((len(levels), SIDE, SIDE), new, np.float32)
    masks[0] = 0
    return painter.paint(prompt, np.stack([grey(level) for level in levels]), masks)


@pytest.mark.parametrize("pictures", [2, 5, WINDOW])
def test_as_many_changes_as_pictures(painter: Painter, pictures: int) -> None:
    changes = paint(painter, [20 * n for n in range(pictures)])

    assert changes.shape == (pictures, SIDE, SIDE, 3) and changes.dtype == np.float32
    assert np.abs(changes).max() <= 255 and changes[-1].any()


def test_all_that_it_is_told_matters(painter: Painter) -> None:
    told = [90, 60, 120]
    changes = [
        paint(painter, told),
        paint(painter, [200, 60, 120]),
        paint(painter, [90, 60, 0]),
        paint(painter, told, new=0.5),
        paint(painter, told, prompt="she laughs"),
    ]

    assert np.array_equal(changes[0], paint(painter, told)), "the same again"
    assert len({change[1:].tobytes() for change in changes}) == len(changes)


def test_what_the_autoencoder_loses_is_no_change(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(hidden_states: torch.Tensor, *_: object, **__: object) -> tuple[torch.Tensor]:
        return (torch.zeros_like(hidden_states[:, :16]),)

    monkeypatch.setattr(painter._pipeline.transformer, "forward", nothing)

    assert not paint(painter, [90, 60, 120]).any()


def test_of_too_few_pictures_the_last_one_stays(painter: Painter) -> None:
    few = paint(painter, [10, 20, 30])
    whole = paint(painter, [10, 20, *[30] * (WINDOW - 2)])

    assert np.array_equal(few, whole[:3])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "rate: Field required; window: Field required"),
        (SMALL.model_dump_json().replace("9", "10"), "window: must be one more than a multiple"),
        ("no", "Invalid JSON"),
    ],
)
def test_a_manifest_with_mistakes_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(LoadFailed, match=told):
        Painter(write(tmp_path / "tiny", text), "cpu")


def test_folders_that_hold_no_such_pipeline_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match=r"manifest\.json"):
        Painter(tmp_path, "cpu")
    (tmp_path / FILE).write_text(SMALL.model_dump_json())
    with pytest.raises(LoadFailed):
        Painter(tmp_path, "cpu")
    with pytest.raises(LoadFailed, match="latents of its own"):
        Painter(write(tmp_path / "folded", folded=True), "cpu")
