"""Clips from a diffusers pipeline, here a tiny one of Wan's class with random weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.engine.clips import clip_request, nothing
from tests.support.tiny_wan import build_tiny_wan

from likeness.bases import Base
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.errors import LoadFailed
from likeness.engine.pipeline_clips import PipelineEngine
from likeness.media.picture import fit

WIDTH, HEIGHT = 70, 38


def drawn(request: ClipRequest, report: Report) -> Image.Image:
    return Image.new("RGB", (request.width, request.height), (10, 200, 30))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> PipelineEngine:
    folder = build_tiny_wan(tmp_path_factory.mktemp("wan") / "tiny-wan")
    return PipelineEngine(folder, "cpu", drawn)


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
        PipelineEngine(tiny.folder, "cpu", drawn)
    with pytest.raises(LoadFailed):
        PipelineEngine(tmp_path, "cpu", drawn)
