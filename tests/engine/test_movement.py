"""Movements: a picture moves as two others differ."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.discs import apart, middle, scene

from likeness.engine.between import Flow
from likeness.engine.movement import LOOKED_AT, Movement, field_between, length, tears


def shift(across: float) -> Flow:
    """A field by which everything comes from so many px to the right."""
    field = np.zeros((LOOKED_AT // 2, LOOKED_AT, 2), np.float32)
    field[..., 0] = across
    return field


def test_a_picture_moves_as_two_others_differ() -> None:
    another = np.clip(scene(60, detail=15).astype(np.int16) - 30, 0, 255).astype(np.uint8)

    picture = Movement([field_between(scene(60), scene(66))]).on(another, 1)

    wanted = np.clip(scene(66, detail=15).astype(np.int16) - 30, 0, 255).astype(np.uint8)
    disc = (slice(46, 74), slice(72, 100))
    assert apart(picture[disc], wanted[disc]) < 0.6 * apart(another[disc], wanted[disc])
    assert apart(picture[:, 150:], another[:, 150:]) < 1, "what stands still stays"


def test_how_far_it_goes_is_even() -> None:
    start = scene(60)
    movement = Movement([shift(-1), shift(-2), shift(-8)])

    ways = [middle(movement.on(start, share)) - middle(start) for share in (0.25, 0.5, 0.75, 1)]

    scale = start.shape[1] / LOOKED_AT
    assert ways == pytest.approx([2 * scale, 4 * scale, 6 * scale, 8 * scale], abs=0.5)


def test_what_has_not_moved_is_the_picture_itself() -> None:
    start = scene(60, detail=20)

    assert np.array_equal(Movement([shift(3)]).on(start, 0), start)
    assert np.array_equal(Movement([]).on(start, 1), start)


@given(st.integers(0, 2**32 - 1))
def test_no_picture_is_torn(seed: int) -> None:
    chance = np.random.default_rng(seed)
    one, other = (chance.integers(0, 256, (96, 128, 3), dtype=np.uint8) for _ in range(2))

    field = field_between(one, other)

    assert not tears(field)
    assert np.isfinite(length(field))


def test_folding_a_picture_tears_it() -> None:
    across = np.arange(LOOKED_AT, dtype=np.float32)
    mirrored = shift(0)
    mirrored[..., 0] = LOOKED_AT - 1 - 2 * across

    assert tears(mirrored)
    assert not tears(cast(Flow, 0.3 * mirrored))
