"""A small pipeline paints what it is told roughly, here a tiny one with random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.engine.clips import nothing
from tests.support.tiny_wan import build_tiny_wan

from likeness.engine.between import Pixels
from likeness.engine.clip_manifest import FILE, ClipManifest
from likeness.engine.errors import LoadFailed
from likeness.engine.painter import Painter

SIDE, WINDOW = 32, 9
SMALL = ClipManifest(rate=8, window=WINDOW, side=SIDE, steps=2, guidance=1.0, noise=0.5)


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
    painter: Painter, known: list[Pixels], guide: list[Pixels], seed: int = 0, prompt: str = "nods"
) -> list[Pixels]:
    generator = torch.Generator().manual_seed(seed)
    return painter.paint(prompt, known, guide, generator, nothing)


@pytest.mark.parametrize(("known", "guide"), [(1, 8), (1, 3), (2, 7), (2, 1)])
def test_as_many_pictures_as_the_guide_has(painter: Painter, known: int, guide: int) -> None:
    painted = paint(painter, [grey(90)] * known, [grey(30 * n) for n in range(guide)])

    assert len(painted) == guide
    assert {(one.shape, one.dtype) for one in painted} == {((SIDE, SIDE, 3), np.dtype(np.uint8))}


def test_all_that_it_is_told_matters(painter: Painter) -> None:
    told = [grey(60), grey(120)]
    clips = [
        paint(painter, [grey(90)], told),
        paint(painter, [grey(200)], told),
        paint(painter, [grey(90)], [grey(60), grey(0)]),
        paint(painter, [grey(90), grey(10)], told),
        paint(painter, [grey(90)], told, seed=1),
        paint(painter, [grey(90)], told, prompt="she laughs"),
    ]

    assert np.array_equal(clips[0], paint(painter, [grey(90)], told))
    assert len({np.stack(clip).tobytes() for clip in clips}) == len(clips)


def test_whoever_waits_may_leave_at_any_step(painter: Painter) -> None:
    class Left(Exception):
        pass

    def leave() -> None:
        raise Left

    with pytest.raises(Left):
        painter.paint("nods", [grey(0)], [grey(9)], torch.Generator(), leave)
    assert len(paint(painter, [grey(0)], [grey(9)])) == 1, "it stays usable"


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
