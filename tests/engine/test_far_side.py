"""What of a head was not seen has the colour of what was."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from likeness.engine.acting.moment import Moment
from likeness.engine.between import Pixels
from likeness.engine.far_side import FarSide
from likeness.engine.head_fit import HeadFit
from likeness.engine.rig import Rig
from likeness.engine.rig_view import Floats, Layer, RigView, Seen

SIDE = 192
SKIN, HAIR, BEHIND = (200, 120, 100), (30, 25, 20), (0, 255, 0)
CLEAR = 7
"""Cells from the hairline from which on colours do not mix."""


@pytest.fixture(scope="module")
def fit(rig: Rig) -> HeadFit:
    spots = np.array([(0.4, 0.42), (0.6, 0.42), (0.5, 0.53), (0.43, 0.63), (0.57, 0.63)])
    return HeadFit.on(rig, SIDE * spots, 0, "neutral")


@pytest.fixture(scope="module")
def view(rig: Rig, fit: HeadFit) -> RigView:
    return RigView(rig, fit, SIDE, SIDE)


@pytest.fixture(scope="module")
def scalp(rig: Rig, view: RigView) -> Floats:
    return view.within(rig.scalp[:, None], slice(None))[:, 0]


def far_side(rig: Rig, view: RigView, start: Seen, scalp: Floats, narrower: int = 0) -> FarSide:
    """That of somebody with skin and hair, a few cells narrower than the rig."""
    there = start.sample >= 0
    inside = cv2.distanceTransform(there.astype(np.uint8), cv2.DIST_L2, 5)
    inside = np.maximum(inside - narrower, 0).astype(np.float32)
    cells = np.where((scalp[start.sample] > 0.5)[..., None], HAIR, SKIN)
    cells[inside == 0] = BEHIND
    picture: Pixels = np.asarray(cv2.resize(cells.astype(np.uint8), (SIDE, SIDE)), np.uint8)
    return FarSide(rig, view, start, view.shown(start), inside, picture)


def turned(start: Moment, yaw: float) -> Moment:
    return replace(start, yaw=start.yaw + yaw)


@pytest.mark.parametrize("yaw", [-25, 25])
@pytest.mark.parametrize("narrower", [0, 3])
def test_skin_is_like_skin_and_hair_like_hair(
    rig: Rig, view: RigView, fit: HeadFit, scalp: Floats, yaw: float, narrower: int
) -> None:
    far = far_side(rig, view, view.at(fit.start, fit), scalp, narrower)
    seen = view.at(turned(fit.start, yaw), fit)
    colours, much = far.at(seen)
    head = (much == 1) & (view.layer[seen.sample] == Layer.HEAD)
    hairy = (seen.sample >= 0) & (scalp[seen.sample] > 0.5)
    away = [
        cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5) > CLEAR
        for part in (hairy, ~hairy)
    ]

    assert head.sum() > 0.05 * (seen.sample >= 0).sum()
    columns = np.nonzero(head.any(axis=0))[0]
    middle = fit.project(rig.landmarks(fit.start))[2, 0] * view.scale
    assert np.sign(columns.mean() - middle) == -np.sign(yaw), "the side that turns into view"
    for colour, part in zip((HAIR, SKIN), away, strict=True):
        assert (head & part).any()
        assert np.allclose(colours[head & part], colour, atol=25)
    assert (colours[much == 1, 1] <= SKIN[1] + 5).all(), "nothing of what is behind"


def test_nothing_is_changed_that_the_picture_shows(
    rig: Rig, view: RigView, fit: HeadFit, scalp: Floats
) -> None:
    start = view.at(fit.start, fit)
    far = far_side(rig, view, start, scalp)

    assert not far.at(start)[1].any()
    slightly = far.at(view.at(turned(fit.start, 1), fit))[1]
    assert slightly.mean() < 0.01


def test_of_whom_nothing_is_seen_nothing_is_told(
    rig: Rig, view: RigView, fit: HeadFit, scalp: Floats
) -> None:
    far = far_side(rig, view, view.at(fit.start, fit), scalp, SIDE)

    assert not far.at(view.at(turned(fit.start, 25), fit))[1].any()
