"""In a mirror, left is right."""

import pytest

from foundry.mirror import in_a_mirror, mirrored
from likeness.engine.acting.motion import KINDS, Kind, Motion, Movement


@pytest.mark.parametrize(
    ("kind", "other"),
    [("turn left", "turn right"), ("glance right", "glance left"), ("nod", "nod")],
)
def test_sides_change(kind: Kind, other: Kind) -> None:
    assert in_a_mirror(kind) == other


def test_a_motion_keeps_all_else() -> None:
    movements = tuple(
        Movement(kind=kind, start=0.1 * place, seconds=0.5, amount=9, back=3.0)
        for place, kind in enumerate(KINDS)
    )
    motion = Motion(
        seed=4, frames=9, rate=8, movements=movements, blinks=(0.3,), camera="drift left"
    )

    seen = mirrored(motion)

    assert seen.camera == "drift right"
    assert seen.kinds[:2] == ("turn right", "turn left")
    assert set(seen.kinds) == set(KINDS)
    assert mirrored(seen) == motion
