"""Faces are blends of the mesh's facial units."""

import numpy as np
import pytest

from foundry.portraits.expression import expressed
from foundry.portraits.moment import photo_moment
from foundry.portraits.pack import AssetPack
from foundry.portraits.person import Ancestry, draw_person
from foundry.portraits.photo import draw_photo
from foundry.portraits.tiny_pack import write_tiny_pack
from likeness.engine.acting.expression import UNITS, unit_weights

MIXED = Ancestry(caucasian=0.7, african=0.2, asian=0.1)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> AssetPack:
    return AssetPack(write_tiny_pack(tmp_path_factory.mktemp("pack")))


@pytest.mark.parametrize("expression", UNITS)
def test_a_photo_has_the_expression_that_it_names(pack: AssetPack, expression: str) -> None:
    """Bit for bit: weight times strength times share of ancestry, unit after unit."""
    photo = draw_photo(1, draw_person(2), expression=expression)
    expected = pack.vertices.copy()
    for unit, weight in unit_weights(expression).items():
        for name, share in MIXED.model_dump().items():
            target = pack.targets.get(f"expr/{name}/{unit}")
            if target is not None:
                scale = np.float32(weight * photo.strength * share)
                expected[target.vertices] += target.delta * scale

    found = expressed(pack, pack.vertices, MIXED, photo_moment(photo).weights)

    assert np.array_equal(found, expected)


def test_half_a_weight_moves_half_as_far(pack: AssetPack) -> None:
    whole, half = (
        expressed(pack, pack.vertices, MIXED, {"mouth-open": weight}) - pack.vertices
        for weight in (0.8, 0.4)
    )

    assert np.abs(whole).max() > 0.01
    assert np.allclose(whole, 2 * half, atol=1e-5)


def test_no_weight_moves_nothing(pack: AssetPack) -> None:
    assert np.array_equal(expressed(pack, pack.vertices, MIXED, {"mouth-open": 0.0}), pack.vertices)
