import numpy as np
import pytest

from foundry.training.wear import Wear, worn

NONE = {"colour": 0, "grey": 0, "small": 0, "blur": 0, "smooth": 0, "grain": 0, "jpeg": 0}
PICTURE = np.random.default_rng(0).integers(0, 255, (24, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize("kind", NONE)
def test_each_kind_of_wear_changes_a_picture_but_not_its_shape(kind: str) -> None:
    wear = Wear.model_validate(NONE | {kind: 1})
    one, other = (worn(PICTURE, np.random.default_rng(3), wear) for _ in range(2))

    assert one.shape == PICTURE.shape and one.dtype == np.uint8
    assert (one != PICTURE).any()
    assert np.array_equal(one, other)


def test_without_wear_nothing_changes() -> None:
    wear = Wear.model_validate(NONE)

    assert np.array_equal(worn(PICTURE, np.random.default_rng(3), wear), PICTURE)


def test_little_strength_changes_little() -> None:
    hard, light = (Wear(grey=0, strength=strength) for strength in (1.0, 0.1))

    def change(wear: Wear) -> float:
        rng = np.random.default_rng(1)
        return float(np.mean([np.abs(worn(PICTURE, rng, wear) - 1.0 * PICTURE) for _ in range(50)]))

    assert change(light) < 0.6 * change(hard)
