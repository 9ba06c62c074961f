"""A picture of somebody moves as they would."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.engine.acting.expression import unit_weights
from likeness.engine.acting.moment import Moment
from likeness.engine.between import Pixels, flow_between
from likeness.engine.faces import Face, FaceReader
from likeness.engine.figure import shipped_figures
from likeness.engine.head_fit import HeadFit
from likeness.engine.puppet import Puppet
from likeness.engine.rig import Rig
from likeness.engine.rig_view import Layer, RigView

SIDE = 256


@pytest.fixture(scope="module")
def picture(photos: list[Path]) -> Pixels:
    with Image.open(photos[0]) as file:
        return np.asarray(file.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS))


@pytest.fixture(scope="module")
def face(picture: Pixels, reader: FaceReader) -> Face:
    return reader.find(Image.fromarray(picture))[0]


@pytest.fixture(scope="module")
def fit(picture: Pixels, reader: FaceReader, rig: Rig) -> HeadFit:
    found = reader.largest(Image.fromarray(picture))
    assert found
    return HeadFit.of(rig, *found)


@pytest.fixture(scope="module")
def puppet(picture: Pixels, fit: HeadFit, rig: Rig) -> Puppet:
    return Puppet(rig, shipped_figures(), fit, picture)


def looking(start: Moment, expression: str) -> Moment:
    shows = float(expression in ("laughing", "surprised"))
    weights = dict.fromkeys(start.weights, 0.0) | unit_weights(expression)
    return replace(start, weights=weights, mouth=shows, teeth=float(expression == "laughing"))


def test_at_its_own_moment_it_is_the_picture_itself(
    puppet: Puppet, fit: HeadFit, picture: Pixels
) -> None:
    shot = puppet.at(fit.start)

    assert np.array_equal(shot.picture, picture)
    assert not shot.unseen.any()


@pytest.mark.parametrize("turn", [-18, 18])
def test_a_head_turns(
    puppet: Puppet, fit: HeadFit, rig: Rig, reader: FaceReader, turn: int
) -> None:
    moment = replace(fit.start, yaw=fit.start.yaw + turn)
    turned = puppet.at(moment).picture

    found = reader.largest(Image.fromarray(turned))
    assert found
    assert abs(found[1].yaw - fit.start.yaw) > 5
    assert (found[1].yaw - fit.start.yaw) * turn > 0
    there = fit.project(rig.landmarks(moment))
    assert np.abs(there - np.array(found[0].landmarks)).mean() < 0.04 * found[0].box.side


@pytest.mark.parametrize("turn", [-25, 25])
def test_the_outline_of_a_head_that_turns_stays(
    fit: HeadFit, rig: Rig, picture: Pixels, turn: int
) -> None:
    """The nose goes aside, and so does the skin at the head's edge, but what is round looks alike
    there."""
    view = RigView(rig, fit, picture.shape[1], picture.shape[0])
    moment = replace(fit.start, yaw=fit.start.yaw + turn)
    start, seen = view.at(fit.start, fit), view.at(moment, fit)
    shown = seen.sample[seen.sample >= 0]
    heads = shown[view.layer[shown] == Layer.HEAD]
    edge = heads[seen.towards[view.triangle[heads]] < 0.2]

    outline = view.alike(edge, fit, moment)[:, 0] - seen.x[edge]
    assert np.abs(outline).mean() < 0.4 * np.abs(start.x - seen.x)[heads].max()
    assert np.abs(outline).mean() < 0.8 * np.abs(start.x - seen.x)[edge].mean()


def test_a_nod_goes_down_and_a_tilt_aside(
    puppet: Puppet, fit: HeadFit, face: Face, reader: FaceReader
) -> None:
    nodded, tilted = (
        reader.find(Image.fromarray(puppet.at(moment).picture))[0].landmarks
        for moment in (
            replace(fit.start, pitch=fit.start.pitch - 12),
            replace(fit.start, roll=fit.start.roll + 12),
        )
    )

    assert nodded[2][1] > face.landmarks[2][1] + 0.05 * face.box.side
    level = face.landmarks[1][1] - face.landmarks[0][1]
    assert tilted[1][1] - tilted[0][1] < level - 0.05 * face.box.side


def test_what_is_behind_and_below_stands_still(
    puppet: Puppet, fit: HeadFit, picture: Pixels
) -> None:
    turned = puppet.at(replace(fit.start, yaw=fit.start.yaw + 18)).picture

    flow = np.linalg.norm(flow_between(picture, turned), axis=2)
    for corner in (flow[:40, :30], flow[:40, -30:], flow[-20:, :40], flow[-20:, -40:]):
        assert corner.mean() < 0.5


def test_a_mouth_that_opens_is_dark_inside_and_has_teeth_when_it_laughs(
    puppet: Puppet, fit: HeadFit, picture: Pixels, face: Face
) -> None:
    x, y = (int(sum(axis) / 2) for axis in zip(*face.landmarks[3:], strict=True))
    reach = int(0.12 * face.box.side)
    mouth = (slice(y - reach, y + 2 * reach), slice(x - reach, x + reach))
    surprised, laughing = (
        puppet.at(looking(fit.start, expression)).picture[mouth].astype(np.int16)
        for expression in ("surprised", "laughing")
    )

    before = picture[mouth].mean(axis=2)
    assert (surprised.mean(axis=2) < 60).mean() > (before < 60).mean() + 0.1
    spread = np.ptp(laughing, axis=2)
    white = (spread < 40) & (laughing.mean(axis=2) > 120)
    assert white.mean() > ((np.ptp(picture[mouth], axis=2) < 40) & (before > 120)).mean() + 0.02


def test_closed_lids_hide_the_eyes(
    puppet: Puppet, fit: HeadFit, picture: Pixels, face: Face
) -> None:
    shut = {"eye-left-closure": 1.0, "eye-right-closure": 1.0}
    closed = puppet.at(replace(fit.start, weights={**fit.start.weights, **shut})).picture

    for x, y in face.landmarks[:2]:
        reach = max(2, int(0.03 * face.box.side))
        eye = (slice(int(y) - reach, int(y) + reach), slice(int(x) - reach, int(x) + reach))
        assert closed[eye].mean() > picture[eye].mean() + 15
    rest = closed[int(face.landmarks[2][1]) :]
    assert np.array_equal(rest, picture[int(face.landmarks[2][1]) :])


def test_it_can_be_held_where_another_is(
    puppet: Puppet, fit: HeadFit, face: Face, reader: FaceReader
) -> None:
    smaller = HeadFit(fit.start, 0.8 * fit.along, 0.8 * fit.at)

    found = reader.find(Image.fromarray(puppet.at(fit.start, smaller).picture))[0]

    assert found.box.side == pytest.approx(0.8 * face.box.side, rel=0.1)
    assert found.box.x == pytest.approx(0.8 * face.box.x, abs=6)


def test_what_turns_into_view_is_told(puppet: Puppet, fit: HeadFit, rig: Rig, face: Face) -> None:
    sides: list[float] = []
    for turn in (-22, 22):
        moment = replace(fit.start, yaw=fit.start.yaw + turn)
        unseen = puppet.at(moment).unseen
        assert unseen.min() >= 0 and unseen.max() == pytest.approx(1, abs=0.01)
        x, y = fit.project(rig.landmarks(moment))[2]
        assert unseen[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4].max() < 0.02, "the nose"
        columns = np.arange(SIDE) * unseen.sum(axis=0)
        sides.append(columns.sum() / unseen.sum() - x)

    # A head that turns to the left shows more of its right side.
    assert sides[0] > 0.1 * face.box.side and sides[1] < -0.1 * face.box.side
    slight = puppet.at(replace(fit.start, yaw=fit.start.yaw + 1)).unseen
    assert slight.mean() < 0.01
