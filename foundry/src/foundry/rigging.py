"""The rig that ships: the pack's mesh with the mean of everybody's shape and expressions."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from foundry.portraits.expression import expressed
from foundry.portraits.features import EYES
from foundry.portraits.fitting import fit, interpolate
from foundry.portraits.landmarks import LandmarkFinder
from foundry.portraits.normals import vertex_normals
from foundry.portraits.pack import AssetPack, Floats
from foundry.portraits.person import Ancestry, Person
from foundry.portraits.regions import Regions
from foundry.portraits.shape import macro_weights, morphed
from foundry.portraits.skeleton import lower_arms, neck_pivot
from likeness.engine.rig import Kind, Rig, Unit

LEAST = 0.002
"""dm that a unit must move a vertex by, to be said to move it."""

AT_LIPS = (0.7, 0.05, 0.6, 0.5)
"""dm around the mouth within which its inside lies: aside, above, below, behind."""

ANYBODY = Person(
    seed=0,
    gender="woman",
    ethnicity="",
    ancestry=Ancestry(caucasian=1 / 3, african=1 / 3, asian=1 / 3),
    age=32,
    masculinity=0.5,
    muscle=0.5,
    weight=0.5,
    tone="",
    hair="",
    hair_colour="",
    eye_colour="",
    beard="none",
    freckles=0,
    blush=0,
    lipstick=0,
    glasses=None,
    glasses_colour="black",
)
"""Of whom only what shapes the mesh is asked."""


def build_rig(pack: AssetPack) -> Rig:
    """The rig of a pack. Raises BadPack where it lacks eyes."""
    weights = macro_weights(ANYBODY)
    spread = morphed(pack, weights)
    regions = Regions(pack)
    finder = LandmarkFinder(pack, regions)
    balls = pack.proxy(EYES)
    drawn = np.unique(pack.body.vertex)

    def joined(body: Floats) -> Floats:
        return np.concatenate([body[drawn], fit(balls, body)])

    rest = joined(spread)
    shoulders = pack.joint(spread, "l-shoulder"), pack.joint(spread, "r-shoulder")
    lowered = rest.copy()
    lowered[: len(drawn)] = lower_arms(spread, pack.arm_weights, shoulders)[drawn]
    place = np.full(len(spread), -1)
    place[drawn] = np.arange(len(drawn))
    body = place[pack.body.vertex[pack.body.triangles]]
    inside = np.zeros(len(rest), bool)
    inside[: len(drawn)] = _inside(pack, spread, regions)[drawn]
    skin = np.where(inside[body].all(axis=1), Kind.MOUTH, Kind.SKIN)
    eyeballs = balls.surface.vertex[balls.surface.triangles] + len(drawn)
    eye = np.full(len(rest), -1)
    eye[len(drawn) :] = rest[len(drawn) :, 0] > 0
    scalp = np.zeros(len(rest), np.float32)
    np.maximum.at(scalp, place[pack.body.vertex], regions.scalp)
    nose, *corners = (int(place[vertex]) for vertex in finder.spots)
    return Rig(
        rest=lowered,
        follows=np.concatenate(
            [pack.head_weight[drawn], np.clip(interpolate(balls, pack.head_weight), 0, 1)]
        ),
        triangles=np.concatenate([body, eyeballs]).astype(np.int64),
        kinds=np.concatenate([skin, np.full(len(eyeballs), Kind.EYE)]),
        units={name: _unit(joined(shape) - rest) for name, shape in _units(pack, spread).items()},
        neck=neck_pivot(pack, spread),
        eyes=np.stack([pack.joint(spread, name) for name in ("r-eye", "l-eye")]),
        eye=eye,
        scalp=scalp,
        behind=np.nonzero(inside)[0],
        nose=nose,
        corners=(corners[0], corners[1]),
    )


def _units(pack: AssetPack, rest: Floats) -> Mapping[str, Floats]:
    """The shape with each facial unit alone."""
    names = {name.split("/")[2] for name in pack.targets if name.startswith("expr/")}
    return {name: expressed(pack, rest, ANYBODY.ancestry, {name: 1.0}) for name in sorted(names)}


def _unit(delta: Floats) -> Unit:
    moved = np.nonzero(np.linalg.norm(delta, axis=1) > LEAST)[0]
    return Unit(moved, delta[moved])


def _inside(pack: AssetPack, rest: Floats, regions: Regions) -> NDArray[np.bool_]:
    """Which vertices lie in the mouth: those around it that look at its middle."""
    mouth = pack.joint(rest, "mouth")
    aside, above, below, behind = AT_LIPS
    x, y, z = (rest - mouth).T
    lips = (rest[regions.lips > 0.5, 2] - mouth[2]).max()
    near = (np.abs(x) < aside) & (y < above) & (y > -below) & (z > -behind) & (z < lips - 0.12)
    normals = vertex_normals(rest, pack.body.vertex[pack.body.triangles])
    return near & ((normals * (mouth - rest)).sum(axis=1) > 0)
