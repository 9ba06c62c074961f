"""What turns into view is painted, and nothing else is changed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.engine.clips import clip_request, nothing, upscaler
from tests.engine.test_painter import SMALL, write

from likeness.engine.acted_clips import ActedEngine, Head
from likeness.engine.between import Pixels
from likeness.engine.clip import ClipRequest
from likeness.engine.faces import FaceReader
from likeness.engine.figure import shipped_figures
from likeness.engine.guided_clips import GuidedEngine, Square
from likeness.engine.guided_pipeline import Floats
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
    return GuidedEngine(folder, "cpu", acting)


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


@pytest.fixture
def painted(engine: GuidedEngine, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the painter is told, which says that all becomes redder."""
    told: list[tuple[Any, ...]] = []

    def paint(prompt: str, guide: Pixels, new: Floats) -> Floats:
        told.append((prompt, guide, new))
        return np.full(guide.shape, (60, 0, 0), np.float32)

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


def test_what_is_new_changes_as_the_painter_says(
    engine: GuidedEngine, acting: ActedEngine, painted: list[Any], photo: Image.Image
) -> None:
    turns: dict[str, Any] = {"first": photo, "prompt": "she turns to the left"}
    made, moved = clip(engine, **turns)[-1].astype(int), clip(acting, **turns)[-1].astype(int)
    unseen = list(acting.rehearse(request(**turns), nothing).shots)[-1].unseen
    new = (unseen == 1) & (moved[..., 0] < 195)

    assert new.any() and painted
    assert np.allclose((made - moved)[new], (60, 0, 0), atol=1)


def test_changes_come_and_go_between_the_moments_that_are_painted(
    engine: GuidedEngine, acting: ActedEngine, photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def paint(_: str, guide: Pixels, new: Floats) -> Floats:
        changes = np.zeros(guide.shape, np.float32)
        changes[-1] = 40
        return changes

    monkeypatch.setattr(engine._painter, "paint", paint)
    turns: dict[str, Any] = {"first": photo, "prompt": "she turns to the left", "frames": 22}
    made, moved = clip(engine, **turns), clip(acting, **turns)
    unseen = [shot.unseen for shot in acting.rehearse(request(**turns), nothing).shots]

    # 22 frames are 21 steps of which every third is painted, and of those the last one changes.
    far = [
        float((one.astype(int) - other)[new == 1].mean()) if (new == 1).any() else 0
        for one, other, new in zip(made, moved, unseen, strict=True)
    ]
    assert not any(far[:19])
    assert np.allclose(far[19:], [40 / 3, 80 / 3, 40], atol=1.5)


def test_windows_begin_with_the_first_picture_and_the_last_one_painted(
    engine: GuidedEngine, painted: list[Any], photo: Image.Image
) -> None:
    clip(engine, first=photo, prompt="she turns to the left", frames=73)

    assert {prompt for prompt, _, _ in painted} == {"she turns to the left"}
    assert [len(guide) for _, guide, _ in painted] == [WINDOW] * 4, "24 moments in 3 seconds"
    (_, first, news), *others = painted
    assert first.shape == (WINDOW, SMALL.side, SMALL.side, 3)
    assert np.array_equal(first[1], first[0]) and not news[:2].any() and news[-1].any()
    befores = [guide[-1] + new[-1, ..., None] * (60, 0, 0) for _, guide, new in painted]
    for (_, guide, new), before in zip(others, befores, strict=False):
        assert np.array_equal(guide[0], first[0]) and not new[:2].any()
        place = 1 if new[2].any() else 5
        assert np.allclose(guide[place], np.clip(before, 0, 255), atol=0.51)
    # Of the last window's moments three are new; what it sees before them has been painted.
    assert not painted[-1][2][:6].any() and painted[-1][2][6:].any()


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


def test_squares_are_around_heads() -> None:
    picture = np.arange(360 * 640, dtype=np.float32).reshape(360, 640)
    square = Square.around(Head(320, 100, 50))

    assert square == Square(260, 46, 120)
    assert np.array_equal(square.of(picture), picture[46:166, 260:380])
    assert np.array_equal(picture[square.inside(picture)], square.of(picture))


def test_where_a_picture_ends_its_edge_goes_on_in_squares() -> None:
    picture = np.arange(360 * 640, dtype=np.float32).reshape(360, 640)
    square = Square.around(Head(10, 350, 200))
    seen = square.of(picture)

    assert square == Square(-230, 134, 480) and seen.shape == (480, 480)
    assert np.array_equal(seen[:226, 230:], picture[134:, :250])
    assert (seen[:226, :230] == seen[:226, 230:231]).all()
    assert (seen[226:] == seen[225]).all()
    assert np.array_equal(square.within(seen, picture), picture[square.inside(picture)])
