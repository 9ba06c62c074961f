"""Clips from a base that knows only pictures."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.engine.clips import clip_request, nothing

from likeness.bases import find_base, find_part
from likeness.engine.between import flow_between
from likeness.engine.clip import ClipRequest
from likeness.engine.faces import FaceReader
from likeness.engine.framing import framed
from likeness.engine.keyframes import KeyframeEngine
from likeness.engine.sampling import Sampler
from likeness.engine.upscaling import Upscaler

WIDTH, HEIGHT = 176, 96


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler.load(find_part("upscaler"))


@pytest.fixture(scope="module")
def engine(sampler: Sampler, upscaler: Upscaler, reader: FaceReader) -> KeyframeEngine:
    return KeyframeEngine(sampler, upscaler, reader)


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


def request(**changes: Any) -> ClipRequest:
    return clip_request(**{"width": WIDTH, "height": HEIGHT, "frames": 24} | changes)


def clip(engine: KeyframeEngine, **changes: Any) -> list[Image.Image]:
    return [Image.fromarray(frame) for frame in engine.clip(request(**changes), nothing)]


@pytest.mark.parametrize("frames", [24, 31, 60])
def test_as_many_frames_of_the_size_asked_for(engine: KeyframeEngine, frames: int) -> None:
    made = clip(engine, frames=frames)

    assert len(made) == frames
    assert {frame.size for frame in made} == {(WIDTH, HEIGHT)}


def test_the_first_frame_is_the_one_given(
    engine: KeyframeEngine, photo: Image.Image, reader: FaceReader
) -> None:
    made = clip(engine, first=photo)

    assert made[0].tobytes() == framed(photo, WIDTH, HEIGHT, reader).tobytes()
    assert made[0].tobytes() != made[12].tobytes(), "and then it moves"


def test_the_last_frame_is_the_one_given(
    engine: KeyframeEngine, photo: Image.Image, reader: FaceReader
) -> None:
    mirrored = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    made = clip(engine, first=photo, last=mirrored)

    assert len(made) == 24
    assert made[0].tobytes() == framed(photo, WIDTH, HEIGHT, reader).tobytes()
    assert made[-1].tobytes() == framed(mirrored, WIDTH, HEIGHT, reader).tobytes()


def test_the_seed_says_which_clip(engine: KeyframeEngine) -> None:
    one, again, other = (clip(engine, seed=seed)[10].tobytes() for seed in (1, 1, 2))

    assert one == again != other


def test_a_reference_is_what_the_first_frame_resembles(
    engine: KeyframeEngine, photo: Image.Image
) -> None:
    assert clip(engine, reference=photo)[0].tobytes() != clip(engine)[0].tobytes()


def test_cancelling_takes_effect_at_the_next_step(engine: KeyframeEngine) -> None:
    class Cancelled(Exception):
        pass

    seen: list[str] = []

    def cancel(stage: str, *_: int) -> None:
        seen.append(stage)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        next(engine.clip(request(), cancel))
    assert len(seen) == 3


def test_progress_goes_on(engine: KeyframeEngine) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}

    def report(stage: str, step: int, steps: int) -> None:
        seen.setdefault(stage, []).append((step, steps))

    assert len(list(engine.clip(request(), report))) == 24
    assert list(seen) == ["sampling", "moving"]
    for told in seen.values():
        assert told == sorted(told)
        assert len({steps for _, steps in told}) == 1
        assert told[-1][0] <= told[-1][1]


def test_heads_turn_on_mini_and_no_frame_jumps(reader: FaceReader, upscaler: Upscaler) -> None:
    engine = KeyframeEngine(Sampler(find_base("mini"), "cpu"), upscaler, reader)
    prompt = "photo of a 30 year old woman, blue background, she turns to the right"

    frames = list(engine.clip(request(prompt=prompt, width=256, height=256, frames=48), nothing))

    faces = [reader.largest(Image.fromarray(frame)) for frame in frames[::6]]
    yaws = [found[1].yaw for found in faces if found]
    assert len(yaws) == len(faces)
    assert max(yaws) - yaws[0] > 4
    coarse = [cv2.resize(frame, (32, 32), interpolation=cv2.INTER_AREA) for frame in frames]
    steps = [cv2.absdiff(one, two).max() for one, two in pairwise(coarse)]
    assert max(steps) < 30
    # A fade or a zoom of stills has no part that moves while another stands still.
    flow = np.linalg.norm(flow_between(frames[0], frames[24]), axis=2)
    assert np.percentile(flow, 90) > 4 * max(0.25, float(np.percentile(flow, 20)))
