"""Drawn motions fit into their clips and can be seen."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.acting.channels import channels

from foundry.portraits.directing import FARTHEST, RANGES, draw_motion, draw_start
from foundry.portraits.moment import photo_moment
from foundry.portraits.person import draw_person
from foundry.portraits.photo import Photo
from likeness.engine.acting.moments import moment_at
from likeness.engine.acting.motion import KINDS, Motion

SEEDS = st.integers(0, 1 << 30)
STEP = 1 / 480  # s


def draw(someone: int, seed: int, frames: int = 17, rate: float = 8) -> tuple[Photo, Motion]:
    person = draw_person(someone)
    photo = draw_start(seed, person)
    return photo, draw_motion(seed, person, photo, frames, rate)


@given(SEEDS, SEEDS, st.integers(13, 40), st.floats(8, 12))
def test_movements_fit_into_the_clip(someone: int, seed: int, frames: int, rate: float) -> None:
    _, motion = draw(someone, seed, frames, rate)
    end = (frames - 1) / rate

    for movement in motion.movements:
        assert movement.start >= 0.1
        assert (movement.back or movement.start) + movement.seconds <= end + 1e-9
    parts = [RANGES[movement.kind].part for movement in motion.movements]
    assert len(parts) == len(set(parts))
    assert all(0 < middle <= end + 0.03 for middle in motion.blinks)
    assert motion == draw(someone, seed, frames, rate)[1]


@given(SEEDS, SEEDS)
def test_movements_are_as_people_move(someone: int, seed: int) -> None:
    photo, motion = draw(someone, seed)

    for movement in motion.movements:
        low, high = RANGES[movement.kind].amount
        if movement.kind == "face the camera":
            low, high = 15, 50
        assert low <= movement.amount <= high
        if movement.kind in ("turn left", "turn right"):
            side = -1 if movement.kind == "turn left" else 1
            assert abs(photo.yaw + side * movement.amount) <= FARTHEST
            assert 0.69 < movement.seconds < 1.51
        if movement.kind == "nod":
            assert 0.5 < movement.seconds / movement.times < 0.86


@given(SEEDS, SEEDS)
def test_what_cannot_be_seen_is_not_drawn(someone: int, seed: int) -> None:
    photo, motion = draw(someone, seed)
    parts = {RANGES[kind].part for kind in motion.kinds}

    assert abs(photo.yaw) <= 50
    assert photo.expression not in ("eyes closed", "laughing")
    if photo.eyewear == "sunglasses":
        assert "eyes" not in parts
    if photo.expression in ("smile", "big smile"):
        assert "smile" not in motion.kinds
    else:
        assert "stop smiling" not in motion.kinds
    assert not {"talk", "laugh"} <= set(motion.kinds)


def test_blinks_fall_on_frames() -> None:
    motions = [draw(someone, 0)[1] for someone in range(300)]
    middles = np.concatenate([motion.blinks for motion in motions])

    assert len(middles) > 100
    assert np.abs(middles - np.round(middles * 8) / 8).max() <= 0.02


def test_all_kinds_and_cameras_are_drawn_and_some_keep_still() -> None:
    motions = [draw(someone, 1)[1] for someone in range(2000)]
    kinds = Counter(kind for motion in motions for kind in motion.kinds)

    assert set(kinds) == set(KINDS) == set(RANGES)
    assert min(kinds.values()) > 10
    assert len({motion.camera for motion in motions}) == 5
    still = [motion for motion in motions if not motion.movements]
    assert 0.07 < len(still) / len(motions) < 0.14
    assert all(motion.blinks for motion in still)


@pytest.mark.parametrize("frames", [17, 33])
def test_longer_clips_hold_more(frames: int) -> None:
    counts = [len(draw(someone, 2, frames)[1].movements) for someone in range(500)]

    assert max(counts) == (2 if frames == 17 else 3)


@pytest.mark.parametrize("frames", [1, 2, 5, 9])
def test_short_clips_hold_what_fits(frames: int) -> None:
    for someone in range(100):
        for movement in draw(someone, 3, frames)[1].movements:
            assert movement.seconds >= RANGES[movement.kind].shortest
            assert movement.start + movement.seconds <= (frames - 1) / 8 + 1e-9


def test_no_camera_drifts_away_from_a_head_that_is_off_the_middle() -> None:
    for someone in range(300):
        photo, motion = draw(someone, 4)
        assert not (photo.offset > 0.1 and motion.camera == "drift left")
        assert not (photo.offset < -0.1 and motion.camera == "drift right")


@given(SEEDS, SEEDS)
def test_a_clip_begins_as_its_photo(someone: int, seed: int) -> None:
    person = draw_person(someone)
    start = draw_start(seed, person)
    begun = moment_at(photo_moment(start), draw_motion(seed, person, start, 17, 8), 0)
    expected = photo_moment(start)

    assert {unit: weight for unit, weight in begun.weights.items() if weight} == {
        unit: weight for unit, weight in expected.weights.items() if weight
    }
    assert (begun.yaw, begun.pitch, begun.roll) == (start.yaw, start.pitch, start.roll)
    assert (begun.torso, begun.gaze) == (start.torso, expected.gaze)
    assert (begun.mouth, begun.teeth) == (expected.mouth, expected.teeth)
    assert (begun.closer, begun.aside, begun.shoulders) == (1, 0, 0)


@settings(max_examples=25, deadline=None)
@given(SEEDS, SEEDS)
def test_nothing_jumps(someone: int, seed: int) -> None:
    """In a 480th of a second no angle changes by more than 1 degree, a saccade's by 3, and no
    weight by more than lids do that blink in 0.18 s."""
    person = draw_person(someone)
    start = draw_start(seed, person)
    drawn = draw_motion(seed, person, start, 17, 8)
    shares = [0.25, 0.5, 0.75]
    times = [m.start + m.seconds * share for m in drawn.movements for share in shares]
    times += [m.start for m in drawn.movements] + [m.back for m in drawn.movements if m.back]
    for second in (*times, *drawn.blinks, 1.0):
        here, then = (
            channels(moment_at(photo_moment(start), drawn, t)) for t in (second, second + STEP)
        )
        for name in here.keys() | then.keys():
            change = abs(here.get(name, 0.0) - then.get(name, 0.0))
            gaze, angle = ("across", "up"), ("yaw", "pitch", "roll", "torso")
            limit = 3 if name in gaze else 1 if name in angle or "trail" in name else 0.13
            assert change < limit, (name, second)
