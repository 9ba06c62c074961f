"""Movements begin where they should, go smoothly, and do what they are called."""

import numpy as np
import pytest
from tests.engine.acting.channels import channels

from likeness.engine.acting.expression import unit_weights
from likeness.engine.acting.moment import Moment
from likeness.engine.acting.moments import EYES_REACH, clip_moments
from likeness.engine.acting.motion import KINDS, Kind, Motion, Movement, Track

SHUT, OPEN = "eye-left-closure", "mouth-open"
CALM = unit_weights("neutral")


def beginning(yaw: float = 0.0, gaze: float = 0.0, expression: str = "neutral") -> Moment:
    shown = float(expression != "neutral")
    return Moment(
        yaw=yaw,
        pitch=0.0,
        roll=0.0,
        torso=yaw / 2,
        gaze=(gaze, 0.0),
        weights=unit_weights(expression),
        mouth=shown,
        teeth=shown,
    )


def motion(
    kind: Kind | None,
    amount: float = 1.0,
    seconds: float = 1.0,
    *,
    times: int = 1,
    back: float | None = None,
    watching: bool = False,
    blinks: tuple[float, ...] = (),
    camera: Track = "still",
) -> Motion:
    movements = (
        []
        if kind is None
        else [
            Movement(
                kind=kind,
                start=0.25,
                seconds=seconds,
                amount=amount,
                times=times,
                back=back,
                watching=watching,
            )
        ]
    )
    return Motion(
        seed=5, frames=25, rate=12, movements=tuple(movements), blinks=blinks, camera=camera
    )


def acted(
    of: Motion, yaw: float = 0.0, gaze: float = 0.0, expression: str = "neutral"
) -> list[Moment]:
    return clip_moments(beginning(yaw, gaze, expression), of)


def weights(moments: list[Moment], unit: str) -> np.ndarray:
    return np.array([moment.weights.get(unit, 0.0) for moment in moments])


@pytest.mark.parametrize(
    ("kind", "field", "sign"),
    [
        ("turn left", "yaw", -1),
        ("turn right", "yaw", 1),
        ("look up", "pitch", 1),
        ("look down", "pitch", -1),
        ("tilt left", "roll", 1),
        ("tilt right", "roll", -1),
    ],
)
def test_the_head_ends_where_it_was_asked_to(kind: Kind, field: str, sign: int) -> None:
    moments = acted(motion(kind, 20))
    moved = getattr(moments[-1], field) - getattr(moments[0], field)

    assert moved * sign == pytest.approx(20, abs=2.5)


@pytest.mark.parametrize("yaw", [-35.0, 35.0])
def test_facing_the_camera_ends_there(yaw: float) -> None:
    end = acted(motion("face the camera", abs(yaw)), yaw=yaw, gaze=-20.0)[-1]

    assert end.yaw == pytest.approx(0, abs=2.5)
    assert end.gaze[0] == pytest.approx(0, abs=2.5)


def test_what_goes_back_ends_where_it_began() -> None:
    moments = acted(motion("turn left", 30, 0.6, back=1.0))

    assert min(moment.yaw for moment in moments) < -27
    assert moments[-1].yaw == pytest.approx(0, abs=2.5)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_nods_are_counted(times: int) -> None:
    pitch = np.array([m.pitch for m in acted(motion("nod", 12, 1.7, times=times))])
    low = pitch < -6

    assert pitch.min() < -9
    assert np.count_nonzero(low[1:] & ~low[:-1]) == times


def test_a_shaken_head_goes_to_both_sides() -> None:
    yaw = [m.yaw for m in acted(motion("shake the head", 12, 1.5, times=2))]

    assert min(yaw) < -8
    assert max(yaw) > 8


def test_eyes_go_ahead_of_a_turning_head() -> None:
    moments = acted(motion("turn right", 40))
    early = moments[4]

    assert early.yaw < 5
    assert early.gaze[0] > 10
    assert abs(moments[-1].gaze[0]) < 3


def test_watching_eyes_stay_where_they_look() -> None:
    end = acted(motion("turn right", 30, watching=True))[-1]

    assert end.gaze[0] == pytest.approx(-21, abs=2)


def test_shoulders_and_hair_follow_the_head_late() -> None:
    moments = acted(motion("turn right", 40))
    middle, end = moments[9], moments[-1]

    assert 3 < end.torso - moments[0].torso < 16
    assert middle.torso - moments[0].torso < middle.yaw * 0.35
    assert middle.trail[0] > 5
    assert abs(end.trail[0]) < 1


@pytest.mark.parametrize(
    ("kind", "across", "up"),
    [
        ("glance left", -20, 0),
        ("glance right", 20, 0),
        ("glance up", 0, 20),
        ("glance down", 0, -20),
    ],
)
def test_glances_move_the_eyes(kind: Kind, across: float, up: float) -> None:
    end = acted(motion(kind, 20, 0.2))[-1]

    assert end.gaze == (pytest.approx(across, abs=2), pytest.approx(up, abs=2))
    assert abs(end.yaw) < 6
    assert (end.weights[SHUT] > 0.2) == (kind == "glance down")


def test_looking_around_looks_to_both_sides() -> None:
    across = [m.gaze[0] for m in acted(motion("look around", 20, 1.6, times=3))]

    assert min(across) < -10
    assert max(across) > 10
    assert abs(across[-1]) < 4
    assert max(map(abs, across)) <= EYES_REACH


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("smile", "mouth-corner-puller"),
        ("laugh", OPEN),
        ("look surprised", OPEN),
        ("look sad", "mouth-depression"),
        ("look angry", "eyebrows-left-down"),
        ("raise the eyebrows", "eyebrows-left-up"),
        ("close the eyes", SHUT),
    ],
)
def test_faces_change(kind: Kind, unit: str) -> None:
    there = weights(acted(motion(kind, 1.0, 0.4)), unit)

    assert there[-1] - there[0] > 0.3


def test_a_smile_fades() -> None:
    moments = acted(motion("stop smiling"), expression="big smile")

    pulled = weights(moments, "mouth-corner-puller")
    assert pulled[0] > 0.75
    assert pulled[-1] == pytest.approx(CALM["mouth-corner-puller"], abs=0.01)
    assert moments[-1].teeth == 0


def test_teeth_are_drawn_as_soon_as_lips_part() -> None:
    moments = acted(motion("smile", 1.0, 0.6))

    assert moments[0].teeth == 0
    assert moments[-1].teeth == 1
    assert acted(motion("look surprised", 1.0, 0.4))[-1].teeth == 0


def test_talk_opens_and_closes_the_mouth() -> None:
    opened = weights(acted(motion("talk", 1.0, 1.7)), OPEN)
    often = np.count_nonzero((opened[1:-1] > opened[:-2]) & (opened[1:-1] > opened[2:]))

    assert opened[0] == 0
    assert opened.max() > 0.2
    assert 3 <= often <= 9


def test_blinks_close_the_eyes_where_they_are_said_to_be() -> None:
    moments = acted(motion("blink", 1.0, 1.0, times=2, blinks=(0.5, 1.0)))
    shut = weights(moments, SHUT)

    assert shut[[6, 12]].min() > 0.9
    assert shut[[0, 3, 9, 15, 24]].max() < 0.2


def test_lids_that_smile_have_less_to_close() -> None:
    moments = acted(motion(None, blinks=(0.5,)), expression="laughing")
    slit = moments[6].weights["eye-left-slit"]

    assert moments[6].weights[SHUT] == pytest.approx(1 - slit / 2, abs=0.02)


def test_a_shrug_raises_the_shoulders() -> None:
    raised = [m.shoulders for m in acted(motion("shrug", 1.0, 0.3, back=0.8))]

    assert 0.2 < max(raised) < 0.4
    assert abs(raised[-1]) < 0.08


def test_who_keeps_still_sways_and_breathes() -> None:
    moments = acted(motion(None))
    breath = np.ptp([m.shoulders for m in moments])
    yaw = [m.yaw for m in moments]

    assert 0.005 < breath < 0.08
    assert 0.05 < np.ptp(yaw) < 3


@pytest.mark.parametrize(
    ("camera", "closer", "aside"),
    [
        ("still", 0, 0),
        ("push in", 1, 0),
        ("pull back", -1, 0),
        ("drift left", 0, -1),
        ("drift right", 0, 1),
    ],
)
def test_cameras_move_as_they_are_called(camera: Track, closer: int, aside: int) -> None:
    end = acted(motion(None, camera=camera))[-1]

    assert np.sign(end.closer - 1) == closer
    assert np.sign(end.aside) == aside


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_acted(kind: Kind) -> None:
    start = beginning(yaw=30.0, expression="smile")
    blinks = (0.5,) if kind == "blink" else ()
    still = clip_moments(start, motion(None))
    moved = clip_moments(start, motion(kind, blinks=blinks))

    assert [channels(moment) for moment in still] != [channels(moment) for moment in moved]
