"""A person's body at rest, and what all of their photos share."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from foundry.portraits.drawing import Part
from foundry.portraits.expression import FaceRegion
from foundry.portraits.gpu import Gpu, Mesh
from foundry.portraits.hair import head_centre
from foundry.portraits.lights import linear
from foundry.portraits.normals import vertex_normals
from foundry.portraits.occlusion import OcclusionBaker, Points, nearest_drawn
from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.palette import HAIR, SKIN
from foundry.portraits.person import Person
from foundry.portraits.primitives import Solid
from foundry.portraits.regions import Regions
from foundry.portraits.shape import rest_shape
from foundry.portraits.skeleton import lower_arms, neck_pivot
from foundry.portraits.traits import draw_traits
from likeness.engine.acting.pose import resting_pose

T = TypeVar("T")
UNLIT = 0.92  # a palette's tones are those of lit skin


class Anatomy:
    """What all figures of one pack share."""

    def __init__(self, gpu: Gpu) -> None:
        self.gpu = gpu
        self.pack: AssetPack = gpu.pack
        self.regions = Regions(self.pack)
        self.face = FaceRegion(self.pack)
        self.baker = OcclusionBaker(gpu)
        self.nearest_drawn: Indices = nearest_drawn(self.pack)
        self.body_triangles: Indices = self.pack.body.vertex[self.pack.body.triangles]
        self._skin_means: dict[str, Floats] = {}

    def skin_mean(self, name: str) -> Floats:
        """Linear colour (3,) of the face in a skin texture."""
        if name not in self._skin_means:
            image = self.pack.image(name, about=512).convert("RGB").resize((512, 512))
            pixels = np.asarray(image, np.float32)
            at = self.pack.vertices[self.pack.body.vertex]
            x, y, z = np.abs(at[:, 0]), at[:, 1], at[:, 2]
            face = (x < 0.75) & (y > 6.2) & (y < 7.7) & (z > 0.9)
            face &= self.regions.lips[self.pack.body.vertex] < 0.1
            u, v = self.pack.body.uv[face].T
            rows, columns = ((1 - v) * 511).astype(int), (u * 511).astype(int)
            self._skin_means[name] = linear(pixels[rows, columns]).mean(axis=0)
        return self._skin_means[name]


class Figure:
    """A person's shape at rest, colours and baked occlusion, and what was made to fit them."""

    def __init__(self, anatomy: Anatomy, person: Person) -> None:
        self.anatomy, self.gpu, self.pack = anatomy, anatomy.gpu, anatomy.pack
        self.person = person
        self.traits = draw_traits(self.pack, person)
        self.rest: Floats = rest_shape(self.pack, person, self.traits)
        self.neck = neck_pivot(self.pack, self.rest)
        self.pose = resting_pose(self.neck)
        self.shoulders = (
            self.pack.joint(self.rest, "l-shoulder"),
            self.pack.joint(self.rest, "r-shoulder"),
        )
        self.body_points = lower_arms(self.rest, self.pack.arm_weights, self.shoulders)
        self.body_normals = vertex_normals(self.body_points, anatomy.body_triangles)
        self.head_centre = head_centre(self.pack, self.rest)
        self.hair_colour = linear(HAIR[person.hair_colour]) * np.array(
            self.traits.hair_jitter, np.float32
        )
        self.skin_colour = (
            linear(SKIN[person.tone])
            * np.float32(UNLIT)
            * np.array(self.traits.skin_jitter, np.float32)
        )
        self.occlusion: Floats = np.ones(len(self.rest), np.float32)
        self._made: dict[tuple[object, ...], object] = {}

    def eye_middle(self, points: Floats) -> Floats:
        return (self.pack.joint(points, "l-eye") + self.pack.joint(points, "r-eye")) / 2

    def bake(self, casters: list[Part], hair: list[Points]) -> list[Floats]:
        """Sets the body's occlusion in the shade of `casters`; returns that of `hair`."""
        drawn = np.unique(self.pack.body.vertex)
        body = Points(self.body_points[drawn], self.body_normals[drawn])
        centre = self.eye_middle(self.rest) + np.array([0, -0.9, -0.6], np.float32)
        baked = self.anatomy.baker.bake(casters, self.pose, centre, [body, *hair])
        self.occlusion[drawn] = baked[0]
        self.occlusion = self.occlusion[self.anatomy.nearest_drawn]
        return baked[1:]

    def body_mesh(self) -> Mesh:
        """Made anew: its occlusion is that of now."""
        regions, surface = self.anatomy.regions, self.pack.body
        marks = np.stack([regions.lips, regions.beard, regions.goatee, regions.cheeks], axis=1)
        return self.gpu.mesh(
            surface,
            self.body_points,
            self.body_normals,
            self.pack.head_weight,
            self.occlusion,
            marks[surface.vertex],
        )

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` made when first asked for `key`; kept as long as the figure."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[return-value]  # by the same caller's `make`

    def forget(self) -> None:
        """Drops what was made `once`: after baking, meshes have another occlusion."""
        self._made.clear()

    def on_head(self, solid: Solid) -> Mesh:
        """A mesh that turns with the head."""
        return self.gpu.solid(solid, np.ones(len(solid.points), np.float32))
