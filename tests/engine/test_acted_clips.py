"""Clips from a base that knows only pictures."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.engine.clips import clip_request, nothing, upscaler

from likeness.engine.acted_clips import FARTHEST, ActedEngine
from likeness.engine.clip import ClipRequest
from likeness.engine.faces import FaceReader
from likeness.engine.figure import shipped_figures
from likeness.engine.framing import framed
from likeness.engine.rig import Rig
from likeness.engine.sampling import Sampler

WIDTH, HEIGHT = 192, 160


@pytest.fixture(scope="module")
def engine(sampler: Sampler, reader: FaceReader, rig: Rig) -> ActedEngine:
    return ActedEngine(sampler, upscaler(), reader, rig, shipped_figures())


@pytest.fixture(scope="module")
def photo(photos: list[Path]) -> Image.Image:
    with Image.open(photos[0]) as file:
        return file.convert("RGB")


def request(**changes: Any) -> ClipRequest:
    return clip_request(**{"width": WIDTH, "height": HEIGHT, "frames": 24} | changes)


def clip(engine: ActedEngine, **changes: Any) -> list[Image.Image]:
    return [Image.fromarray(frame) for frame in engine.clip(request(**changes), nothing)]


def yaws(reader: FaceReader, frames: list[Image.Image]) -> list[float]:
    found = [reader.largest(frame) for frame in frames]
    assert all(found)
    return [one[1].yaw for one in found if one]


@pytest.mark.parametrize("frames", [24, 31])
def test_as_many_frames_of_the_size_asked_for(engine: ActedEngine, frames: int) -> None:
    made = clip(engine, frames=frames)

    assert len(made) == frames
    assert {frame.size for frame in made} == {(WIDTH, HEIGHT)}


def test_the_first_frame_is_the_one_given(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader
) -> None:
    made = clip(engine, first=photo)

    assert made[0].tobytes() == framed(photo, WIDTH, HEIGHT, reader).tobytes()
    assert made[0].tobytes() != made[12].tobytes(), "and then it moves"


@pytest.mark.parametrize(("side", "sign"), [("left", -1), ("right", 1)])
def test_heads_turn_to_the_side_that_is_asked_for(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader, side: str, sign: int
) -> None:
    made = clip(engine, first=photo, prompt=f"she turns to the {side}", frames=40)

    turned = yaws(reader, [made[0], made[-1]])
    assert (turned[1] - turned[0]) * sign > 6


def test_somebody_stays_who_they_are_in_front_of_what_is_behind_them(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader
) -> None:
    made = clip(engine, first=photo, prompt="she turns to the left and smiles", frames=40)

    known = [found[1].embedding for frame in made[::8] if (found := reader.largest(frame))]
    assert len(known) == 5
    assert min(float(known[0] @ one) for one in known) > 0.6
    first, last = (np.asarray(frame).astype(np.int16) for frame in (made[0], made[-1]))
    corners = np.abs(first - last)[: HEIGHT // 5, [*range(12), *range(-12, 0)]]
    assert corners.mean() < 1


def test_no_frame_jumps(engine: ActedEngine, photo: Image.Image) -> None:
    made = clip(engine, first=photo, prompt="she laughs, then turns to the right", frames=48)

    steps = [
        np.abs(one.astype(np.int16) - two).mean() for one, two in pairwise(map(np.asarray, made))
    ]
    assert max(steps) < 8
    assert max(steps) < 4 * np.median(steps[10:40])


def test_where_nobody_is_seen_the_camera_moves(engine: ActedEngine) -> None:
    ramp = np.tile(np.arange(WIDTH, dtype=np.uint8)[None, :, None], (HEIGHT, 1, 3))

    made = clip(engine, first=Image.fromarray(ramp), prompt="the camera drifts to the right")

    middle = [int(np.asarray(frame)[HEIGHT // 2, WIDTH // 2, 0]) for frame in made]
    assert middle == sorted(middle)
    assert middle[-1] - middle[0] > 10


def test_the_last_frame_is_the_one_given(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader
) -> None:
    mirrored = photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    made = clip(engine, first=photo, last=mirrored)

    assert len(made) == 24
    assert made[0].tobytes() == framed(photo, WIDTH, HEIGHT, reader).tobytes()
    assert made[-1].tobytes() == framed(mirrored, WIDTH, HEIGHT, reader).tobytes()


def test_on_the_way_to_a_last_frame_there_is_one_face(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader
) -> None:
    aside = Image.new("RGB", photo.size, (90, 90, 90))
    aside.paste(photo.resize((photo.width * 3 // 4, photo.height * 3 // 4)), (0, 0))

    made = clip(engine, first=photo, last=aside)

    boxes = [
        found[0].box for frame in (made[0], made[12], made[-1]) if (found := reader.largest(frame))
    ]
    assert len(boxes) == 3
    assert boxes[0].side > boxes[1].side > boxes[2].side
    assert boxes[0].x > boxes[1].x > boxes[2].x
    assert len(reader.find(made[12])) == 1


def test_without_faces_the_last_frame_is_reached_all_the_same(engine: ActedEngine) -> None:
    dark, light = (Image.new("RGB", (WIDTH, HEIGHT), (shade,) * 3) for shade in (40, 200))

    made = clip(engine, first=dark, last=light)

    shades = [int(np.asarray(frame).mean()) for frame in made]
    assert (shades[0], shades[-1]) == (40, 200)
    assert shades == sorted(shades)


def test_a_head_turns_as_another_does_in_a_video(
    engine: ActedEngine, photo: Image.Image, reader: FaceReader
) -> None:
    shown = clip(engine, first=photo, prompt="she turns to the left", frames=40)

    made = clip(engine, first=photo, motion=shown[::4], prompt="a woman")

    there, here = yaws(reader, [shown[0], shown[-1]]), yaws(reader, [made[0], made[-1]])
    assert here[1] - here[0] == pytest.approx(there[1] - there[0], abs=6)
    assert abs(here[1] - here[0]) < FARTHEST


def test_a_video_without_anybody_says_nothing_of_movements(
    engine: ActedEngine, photo: Image.Image
) -> None:
    empty = [Image.new("RGB", (64, 64))] * 4

    assert clip(engine, first=photo, motion=empty)[9] == clip(engine, first=photo)[9]


def test_the_seed_says_which_clip(engine: ActedEngine) -> None:
    one, again, other = (clip(engine, seed=seed)[10].tobytes() for seed in (1, 1, 2))

    assert one == again != other


def test_a_reference_is_what_the_first_frame_resembles(
    engine: ActedEngine, photo: Image.Image
) -> None:
    assert clip(engine, reference=photo)[0].tobytes() != clip(engine)[0].tobytes()


def test_cancelling_takes_effect_at_the_next_step(engine: ActedEngine) -> None:
    class Cancelled(Exception):
        pass

    seen: list[str] = []

    def cancel(stage: str, *_: int) -> None:
        seen.append(stage)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(engine.clip(request(), cancel))
    assert len(seen) == 3


def test_progress_goes_on(engine: ActedEngine) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}

    def report(stage: str, step: int, steps: int) -> None:
        seen.setdefault(stage, []).append((step, steps))

    assert len(list(engine.clip(request(), report))) == 24
    assert list(seen) == ["sampling", "moving"]
    for told in seen.values():
        assert told == sorted(told)
        assert told[-1][0] <= told[-1][1]
