"""Clips from a diffusers pipeline, here a tiny one of Wan's class with random weights."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.engine.clips import clip_request, nothing, upscaler
from tests.support.tiny_wan import build_tiny_wan

from likeness.bases import Base
from likeness.engine.between import Pixels
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.clip_manifest import ClipManifest
from likeness.engine.errors import LoadFailed
from likeness.engine.pipeline_clips import PipelineEngine
from likeness.media.picture import fit

WIDTH, HEIGHT = 70, 38
SMALL = ClipManifest(rate=8, window=9, side=64, steps=3, guidance=1.5)


class Drawn:
    """Draws green pictures, and makes clips of ever darker ones."""

    def beginning(self, request: ClipRequest, report: Report) -> Image.Image:
        return Image.new("RGB", (request.width, request.height), (10, 200, 30))

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        assert request.first
        first = fit(request.first, request.width, request.height)
        for number in range(request.frames):
            yield np.asarray(first) // (number + 1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> PipelineEngine:
    folder = build_tiny_wan(tmp_path_factory.mktemp("wan") / "tiny-wan")
    return PipelineEngine(folder, "cpu", Drawn, upscaler())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PipelineEngine:
    """The same with a manifest, that it was made for small pictures."""
    folder = build_tiny_wan(tmp_path_factory.mktemp("small") / "tiny-wan")
    (folder / "manifest.json").write_text(SMALL.model_dump_json())
    return PipelineEngine(folder, "cpu", Drawn, upscaler())


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


def request(**changes: Any) -> ClipRequest:
    return clip_request(**{"width": WIDTH, "height": HEIGHT, "frames": 13} | changes)


def test_it_has_the_name_of_its_folder(engine: PipelineEngine) -> None:
    assert engine.name == "tiny-wan"


def test_clip_begins_and_ends_as_asked(engine: PipelineEngine, photo: Image.Image) -> None:
    last = photo.rotate(180)

    frames = list(engine.clip(request(first=photo, last=last), nothing))

    assert {frame.shape for frame in frames} == {(HEIGHT, WIDTH, 3)}
    assert len(frames) == 13
    assert np.array_equal(frames[0], np.asarray(fit(photo, WIDTH, HEIGHT)))
    assert np.array_equal(frames[-1], np.asarray(fit(last, WIDTH, HEIGHT)))


def test_long_clips_are_drawn_in_windows(
    engine: PipelineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_longest", 8)
    seen: list[tuple[int, int]] = []

    frames = list(engine.clip(request(frames=36), lambda _, *done: seen.append(done)))

    assert len(frames) == 36
    assert seen == sorted(seen)
    assert seen[-1] == (150, 150), "three windows of fifty steps"
    assert frames[0][0, 0].tolist() == [10, 200, 30], "what the base drew"


def test_the_seed_and_the_prompt_say_which_clip(engine: PipelineEngine) -> None:
    clips = [
        list(engine.clip(request(**changes), nothing))[-1].tobytes()
        for changes in ({}, {}, {"seed": 2}, {"prompt": "a man"})
    ]

    assert clips[0] == clips[1]
    assert len(set(clips)) == 3


def test_cancelling_takes_effect_at_the_next_step(engine: PipelineEngine) -> None:
    class Cancelled(Exception):
        pass

    def cancel(_stage: str, step: int, _steps: int) -> None:
        if step == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(engine.clip(request(), cancel))
    assert len(list(engine.clip(request(), nothing))) == 13, "it stays usable"


def test_a_folder_that_makes_no_videos_is_refused(tiny: Base, tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match="ZImagePipeline makes no videos of a picture"):
        PipelineEngine(tiny.folder, "cpu", Drawn, upscaler())
    with pytest.raises(LoadFailed):
        PipelineEngine(tmp_path, "cpu", Drawn, upscaler())


def test_a_manifest_says_how_clips_are_drawn(
    small: PipelineEngine, photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    window = small._window

    def watch(request: ClipRequest, options: dict[str, Any], *others: Any) -> list[Image.Image]:
        asked.append({**options, **small._manner()})
        return window(request, options, *others)

    monkeypatch.setattr(small, "_window", watch)
    wide = request(width=320, height=160, frames=48, first=photo)

    frames = list(small.clip(wide, nothing))

    assert {frame.shape for frame in frames} == {(160, 320, 3)} and len(frames) == 48
    assert [one["num_frames"] for one in asked] == [9, 9], "two seconds at eight a second"
    assert {(one["width"], one["height"]) for one in asked} == {(96, 48)}, "as many px as 64 x 64"
    assert {one["num_inference_steps"] for one in asked} == {3}
    assert {one["guidance_scale"] for one in asked} == {1.5}
    assert asked[1]["image"].size == (96, 48)


@pytest.mark.parametrize("with_last", [False, True])
def test_a_small_pipeline_draws_whole_windows(
    small: PipelineEngine, monkeypatch: pytest.MonkeyPatch, with_last: bool
) -> None:
    asked: list[int] = []

    def numbered(_: object, options: dict[str, Any], _on_step: object) -> list[Image.Image]:
        asked.append(options["num_frames"])
        shades = range(8 * len(asked) - 8, 8 * len(asked) + 1)
        return [Image.new("RGB", (64, 64), (10 * shade,) * 3) for shade in shades]

    monkeypatch.setattr(small, "_window", numbered)
    dark, bright = (Image.new("RGB", (64, 64), (shade,) * 3) for shade in (0, 160))
    square = request(width=64, height=64, frames=30, first=dark, last=bright if with_last else None)
    frames = list(small.clip(square, nothing))

    brightness = [int(frame[0, 0, 1]) for frame in frames]
    assert asked == [9, 9] and len(frames) == 30
    assert brightness == sorted(brightness)
    assert brightness[-1] == (160 if with_last else 120), "the last of 16 moments, or of 12"


def unlike(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("with_last", [False, True])
def test_what_a_small_pipeline_leaves_where_it_is_keeps_its_detail(
    small: PipelineEngine, photo: Image.Image, monkeypatch: pytest.MonkeyPatch, with_last: bool
) -> None:
    def still(_request: object, options: dict[str, Any], _on_step: object) -> list[Image.Image]:
        return [options["image"]] * options["num_frames"]

    monkeypatch.setattr(small, "_window", still)
    square = request(width=512, height=512, frames=24, first=photo)
    if with_last:
        square = request(width=512, height=512, frames=24, first=photo, last=photo)
    whole = np.asarray(fit(photo, 512, 512))
    coarse = np.asarray(upscaler().enlarge(fit(photo, 64, 64)).resize((512, 512)))

    frames = list(small.clip(square, nothing))

    assert len(frames) == 24
    assert max(unlike(frame, whole) for frame in frames) < 0.25 * unlike(coarse, whole)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "rate: Field required; window: Field required"),
        (SMALL.model_dump_json().replace("9", "10"), "window: must be one more than a multiple"),
        ("no", "Invalid JSON"),
    ],
)
def test_a_manifest_with_mistakes_is_told(tmp_path: Path, text: str, told: str) -> None:
    folder = build_tiny_wan(tmp_path / "tiny-wan")
    (folder / "manifest.json").write_text(text)

    with pytest.raises(LoadFailed, match=told):
        PipelineEngine(folder, "cpu", Drawn, upscaler())


@pytest.mark.parametrize("seconds", [0.25, 1, 3])
def test_a_guided_pipeline_is_told_what_the_rehearsal_shows(
    tmp_path: Path, photo: Image.Image, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    folder = build_tiny_wan(tmp_path / "tiny-wan")
    manifest = SMALL.model_copy(update={"guided": True})
    (folder / "manifest.json").write_text(manifest.model_dump_json())
    engine = PipelineEngine(folder, "cpu", Drawn, upscaler())
    told: list[list[Image.Image]] = []
    monkeypatch.setattr(engine._pipeline, "follow", told.append)

    def followed(*_: object) -> list[Image.Image]:
        return told[-1]

    monkeypatch.setattr(engine, "_window", followed)
    frames = round(seconds * 24)

    clip = list(engine.clip(request(width=96, height=96, frames=frames, first=photo), nothing))

    assert {len(one) for one in told} == {9}
    assert np.array_equal(np.asarray(told[0][0]), np.asarray(fit(photo, 64, 64)))
    assert len(clip) == frames
    # The rehearsal's pictures, where they are drawn as they are told, are those of the clip.
    whole = np.asarray(fit(photo, 96, 96))
    for place in range(3, frames, 3 * (seconds != 0.25) or 1):
        assert unlike(clip[place], whole // (place + 1)) < 12


def test_a_guide_changes_what_is_drawn(tmp_path: Path, photo: Image.Image) -> None:
    folder = build_tiny_wan(tmp_path / "tiny-wan")
    clips: list[Pixels] = []
    for guided in (False, True):
        manifest = SMALL.model_copy(update={"guided": guided})
        (folder / "manifest.json").write_text(manifest.model_dump_json())
        engine = PipelineEngine(folder, "cpu", Drawn, upscaler())
        clips.append(list(engine.clip(request(first=photo), nothing))[-1])

    assert not np.array_equal(clips[0], clips[1])
