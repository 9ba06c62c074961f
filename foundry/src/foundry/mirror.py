"""What clips are in a mirror."""

from typing import TypeVar, cast

from likeness.engine.acting.motion import Kind, Motion, Track

_OTHER = {"left": "right", "right": "left"}

K = TypeVar("K", Kind, Track)


def in_a_mirror(kind: K) -> K:
    """Which movement, of people or the camera, it is there."""
    return cast(K, " ".join(_OTHER.get(word, word) for word in kind.split()))


def mirrored(motion: Motion) -> Motion:
    """The motion of a clip that is seen in a mirror; sides are the viewer's."""
    movements = tuple(
        movement.model_copy(update={"kind": in_a_mirror(movement.kind)})
        for movement in motion.movements
    )
    changes = {"movements": movements, "camera": in_a_mirror(motion.camera)}
    return motion.model_copy(update=changes)
