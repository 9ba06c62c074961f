"""What turns into view is painted, and nothing else is changed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tests.engine.clips import clip_request, nothing, upscaler
from tests.engine.test_painter import SMALL, write

from likeness.engine.acted_clips import ActedEngine, Head
from likeness.engine.between import Pixels
from likeness.engine.clip import ClipRequest
from likeness.engine.faces import FaceReader
from likeness.engine.figure import shipped_figures
from likeness.engine.guided_clips import GuidedEngine, Square
from likeness.engine.rig import Rig
from likeness.engine.sampling import Sampler

WIDTH, HEIGHT, WINDOW = 192, 160, SMALL.window


@pytest.fixture(scope="module")
def acting(sampler: Sampler, reader: FaceReader, rig: Rig) -> ActedEngine:
    return ActedEngine(sampler, upscaler(), reader, rig, shipped_figures())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("guided") / "tiny-motion")


@pytest.fixture
def engine(folder: Path, acting: ActedEngine) -> GuidedEngine:
    return GuidedEngine(folder, "cpu", acting, upscaler())


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


@pytest.fixture
def painted(engine: GuidedEngine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the painter is told, which paints all red."""
    told: list[tuple[Any, ...]] = []

    def paint(
        prompt: str,
        known: Sequence[Pixels],
        guide: Sequence[Pixels],
        _: torch.Generator,
        on_step: Callable[[], None],
    ) -> list[Pixels]:
        told.append((prompt, known, guide))
        on_step()
        red = np.zeros_like(guide[0])
        red[..., 0] = 255
        return [red] * len(guide)

    monkeypatch.setattr(engine._painter, "paint", paint)
    return told


def request(**changes: Any) -> ClipRequest:
    return clip_request(**{"width": WIDTH, "height": HEIGHT, "frames": 49} | changes)


def clip(engine: GuidedEngine | ActedEngine, **changes: Any) -> list[Pixels]:
    return list(engine.clip(request(**changes), nothing))


def test_it_has_the_name_of_the_base_that_begins(engine: GuidedEngine, acting: ActedEngine) -> None:
    assert engine.name == acting.name


def test_what_was_seen_stays_as_it_is_moved(
    engine: GuidedEngine, acting: ActedEngine, painted: list[Any], photo: Image.Image
) -> None:
    turns: dict[str, Any] = {"first": photo, "prompt": "she turns to the left"}
    made, moved = clip(engine, **turns), clip(acting, **turns)
    shots = list(acting.rehearse(request(**turns), nothing).shots)

    assert painted and len(made) == 49
    assert np.array_equal(made[0], moved[0])
    changed = False
    for one, other, shot in zip(made, moved, shots, strict=True):
        assert np.array_equal(one[shot.unseen == 0], other[shot.unseen == 0])
        changed |= not np.array_equal(one, other)
    assert changed


def test_what_is_painted_has_the_colours_of_what_is_beside_it(
    engine: GuidedEngine, acting: ActedEngine, painted: list[Any], photo: Image.Image
) -> None:
    turns: dict[str, Any] = {"first": photo, "prompt": "she turns to the left"}
    made, moved = clip(engine, **turns)[-1], clip(acting, **turns)[-1]

    # All that was drawn is red; of a plain colour nothing is left but what surrounds it.
    assert np.abs(made.astype(int) - moved).max(axis=2).mean() < 8


def test_windows_begin_with_the_first_picture_and_the_last_one_painted(
    engine: GuidedEngine, painted: list[Any], photo: Image.Image
) -> None:
    clip(engine, first=photo, prompt="she turns to the left", frames=73)

    assert [len(known) for _, known, _ in painted] == [1, 2, 2, 2]
    assert [len(guide) for _, _, guide in painted] == [8, 7, 7, 2], "24 moments in 3 seconds"
    assert {prompt for prompt, _, _ in painted} == {"she turns to the left"}
    begins = painted[0][1][0]
    assert begins.shape == (SMALL.side, SMALL.side, 3)
    assert all(np.array_equal(known[0], begins) for _, known, _ in painted)


def test_where_nothing_is_new_nothing_is_painted(
    engine: GuidedEngine, acting: ActedEngine, painted: list[Any], photo: Image.Image
) -> None:
    blinks: dict[str, Any] = {"first": photo, "prompt": "she blinks"}

    made, moved = clip(engine, **blinks), clip(acting, **blinks)

    assert not painted
    assert np.array_equal(made, moved)


def test_where_nobody_is_the_camera_moves(
    engine: GuidedEngine, acting: ActedEngine, painted: list[Any]
) -> None:
    empty: dict[str, Any] = {"first": Image.new("RGB", (99, 80), "teal"), "prompt": "zoom in"}

    assert np.array_equal(clip(engine, **empty), clip(acting, **empty))
    assert not painted


@pytest.mark.parametrize(("frames", "rate"), [(2, 24), (13, 4), (30, 60)])
def test_any_length_and_rate(
    engine: GuidedEngine, photo: Image.Image, frames: int, rate: int
) -> None:
    made = clip(engine, first=photo, prompt="turns quickly to the left", frames=frames, rate=rate)

    assert len(made) == frames


def test_a_last_picture_is_reached(engine: GuidedEngine, photos: list[Path]) -> None:
    one, other = (Image.open(photo).convert("RGB") for photo in photos[:2])

    made = clip(engine, first=one, last=other, frames=25)

    assert len(made) == 25
    assert np.array_equal(made[-1], clip(engine, first=other, frames=2)[0])


def test_whoever_waits_may_leave(engine: GuidedEngine, photo: Image.Image) -> None:
    class Left(Exception):
        pass

    def leave(_stage: str, done: int, _of: int) -> None:
        if done >= 9:
            raise Left

    with pytest.raises(Left):
        list(engine.clip(request(first=photo, prompt="turns to the left"), leave))


def test_squares_are_around_heads_and_within_pictures() -> None:
    assert Square.around(Head(320, 100, 50), 640, 360) == Square(260, 46, 120)
    assert Square.around(Head(10, 350, 50), 640, 360) == Square(0, 240, 120)
    assert Square.around(Head(320, 180, 400), 640, 360) == Square(140, 0, 360)
