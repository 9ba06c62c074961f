"""The rig is laid over faces as they are held."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from likeness.bases import find_part
from likeness.engine.acting.expression import UNITS
from likeness.engine.faces import FaceReader
from likeness.engine.head_fit import HeadFit
from likeness.engine.rig import Rig

RIG = Rig.load(find_part("rig"))
ANGLES, EXPRESSIONS = st.floats(-40, 40), st.sampled_from([*UNITS])
ANYBODY = np.array([(0, 0), (40, 0), (20, 22), (5, 42), (35, 42)], np.float64)


@settings(max_examples=40, deadline=None)
@given(ANGLES, st.floats(-12, 12), st.floats(-15, 15), st.floats(20, 400), EXPRESSIONS)
def test_landmarks_of_the_rig_are_found_again(
    yaw: float, pitch: float, roll: float, scale: float, expression: str
) -> None:
    held = HeadFit.on(RIG, ANYBODY, 0, expression).start
    start = replace(held, yaw=yaw, pitch=pitch, roll=roll)
    landmarks = HeadFit.flat(RIG.landmarks(start)) * scale + (300, 200)

    fit = HeadFit.on(RIG, landmarks, yaw, expression)

    there = fit.project(RIG.landmarks(fit.start))
    assert np.abs(there - landmarks).max() < 0.06 * scale
    assert fit.start.yaw == pytest.approx(yaw, abs=8)
    assert fit.start.roll == pytest.approx(roll, abs=5)
    assert fit.scale == pytest.approx(scale, rel=0.1)


def test_on_a_photo_it_covers_the_face(reader: FaceReader, photos: list[str]) -> None:
    for path in photos:
        with Image.open(path) as file:
            found = reader.largest(file.convert("RGB"))
        assert found
        face, seen = found
        fit = HeadFit.of(RIG, face, seen)

        away = fit.project(RIG.landmarks(fit.start)) - np.array(face.landmarks)
        assert np.abs(away).max() < 0.05 * face.box.side
        assert fit.start.yaw == pytest.approx(seen.yaw, abs=6)


def test_on_the_way_to_another_fit() -> None:
    one, other = (HeadFit.on(RIG, ANYBODY * size, 0, "neutral") for size in (1, 3))

    middle = one.towards(other, 0.5)

    assert one.scale < middle.scale < other.scale
    both = (one.project(RIG.eyes) + other.project(RIG.eyes)) / 2
    assert np.allclose(middle.project(RIG.eyes), both, atol=1)
