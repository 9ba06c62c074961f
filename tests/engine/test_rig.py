"""The rig that ships."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from likeness.engine.acting.expression import UNITS, unit_weights
from likeness.engine.acting.moment import Moment
from likeness.engine.errors import LoadFailed
from likeness.engine.rig import FILE, Kind, Rig

CALM = Moment(0.0, 0.0, 0.0, 0.0, (0.0, 0.0), unit_weights("neutral"), 0.0, 0.0)


def test_it_is_read_as_it_was_written(rig: Rig, tmp_path: Path) -> None:
    rig.save(tmp_path)
    again = Rig.load(tmp_path)

    assert np.array_equal(again.points(CALM), rig.points(CALM))
    assert (again.nose, again.corners) == (rig.nose, rig.corners)


@pytest.mark.parametrize("content", [b"", b"PK", b"no rig"])
def test_what_is_no_rig_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(LoadFailed, match="rig"):
        Rig.load(tmp_path)


def test_a_missing_rig_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match="No such file"):
        Rig.load(tmp_path)


@pytest.mark.parametrize("expression", UNITS)
def test_every_expression_moves_it(rig: Rig, expression: str) -> None:
    assert set(unit_weights(expression)) <= set(rig.units)
    if expression != "neutral":
        moved = rig.points(replace(CALM, weights=unit_weights(expression))) - rig.points(CALM)
        assert 0.03 < np.linalg.norm(moved, axis=1).max() < 0.6


def test_a_head_turns_to_the_viewers_right_and_shoulders_do_not(rig: Rig) -> None:
    moved = rig.points(replace(CALM, yaw=30.0)) - rig.points(CALM)

    assert moved[rig.nose, 0] > 0.4
    assert np.abs(moved[rig.follows == 0]).max() < 1e-5


def test_a_skull_that_is_spun_and_turned_back_is_where_it_was(rig: Rig) -> None:
    spun, calm = rig.points(replace(CALM, yaw=-30.0), 30.0), rig.points(CALM)
    skull = (rig.follows > 0.99) & (rig.rest[:, 1] > rig.eyes[0, 1])

    assert np.ptp((spun - calm)[skull], axis=0).max() < 0.01
    assert np.ptp((rig.points(CALM, 30.0) - calm)[skull], axis=0).max() > 0.5


def test_eyes_turn_within_the_head(rig: Rig) -> None:
    moved = rig.points(replace(CALM, gaze=(20.0, 0.0))) - rig.points(CALM)
    balls = rig.eye >= 0

    iris = rig.rest[balls, 2] > rig.eyes[0, 2] + 0.1
    assert moved[balls][iris, 0].mean() > 0.02
    assert not moved[~balls].any()


def test_its_mouth_has_an_inside_that_is_seen_when_it_opens(rig: Rig) -> None:
    inside = np.unique(rig.triangles[rig.kinds == Kind.MOUTH])
    lips = rig.rest[[*rig.corners]]

    assert len(inside) > 50
    assert np.abs(rig.rest[inside, 0]).max() < 0.7
    assert np.abs(rig.rest[inside, 1] - lips[:, 1].mean()).max() < 0.8


def test_its_landmarks_are_where_faces_have_them(rig: Rig) -> None:
    left, right, nose, left_corner, right_corner = rig.landmarks(CALM)

    assert left[0] < nose[0] < right[0]
    assert left_corner[0] < nose[0] < right_corner[0]
    assert left[1] > nose[1] > left_corner[1]
    assert nose[2] > left[2]
