"""Ambient occlusion: how open each vertex lies to light from around, baked once per person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foundry.portraits.camera import light_view
from foundry.portraits.drawing import Part, draw_depth
from foundry.portraits.gpu import Gpu
from foundry.portraits.pack import AssetPack, Floats, Indices
from likeness.engine.acting.pose import Pose

DIRECTIONS = 24
TEXELS = 160
REACH = 3.4


@dataclass(frozen=True)
class Points:
    """Where to measure: points and normals (K, 3); `thin` ones are open from both sides."""

    points: Floats
    normals: Floats
    thin: bool = False


class OcclusionBaker:
    def __init__(self, gpu: Gpu) -> None:
        self.gpu = gpu
        self._depth = gpu.context.depth_texture((TEXELS, TEXELS))
        self._depth.compare_func = ""
        self._frame = gpu.context.framebuffer(depth_attachment=self._depth)

    def bake(
        self, parts: Sequence[Part], pose: Pose, centre: Floats, where: Sequence[Points]
    ) -> list[Floats]:
        """Openness (K,) in 0..1 for each of `where`, in the shade of `parts`."""
        seen = [np.zeros(len(spot.points), np.float32) for spot in where]
        total = [np.full(len(spot.points), 1e-4, np.float32) for spot in where]
        for direction in _directions():
            view = light_view(centre, direction, REACH)
            draw_depth(self.gpu, parts, pose, view, self._frame)
            depth = np.frombuffer(self._depth.read(), np.float32).reshape(TEXELS, TEXELS)
            # Light from above counts more, as under a sky.
            strength = np.float32(0.6 + 0.4 * direction[1])
            for spot, got, whole in zip(where, seen, total, strict=True):
                facing = spot.normals @ direction
                if spot.thin:
                    facing = np.maximum(facing, 0.25)
                facing = np.where(facing > 0.02, facing * strength, 0).astype(np.float32)
                near = spot.points + spot.normals * np.float32(0.015)
                place = near @ view[:3, :3].T.astype(np.float32) + view[:3, 3].astype(np.float32)
                place = place * np.float32(0.5) + np.float32(0.5)
                texel = np.clip((place[:, :2] * TEXELS).astype(np.int32), 0, TEXELS - 1)
                bias = 0.012 if spot.thin else 0.006
                got += facing * (place[:, 2] - bias < depth[texel[:, 1], texel[:, 0]])
                whole += facing
        return [got / whole for got, whole in zip(seen, total, strict=True)]


def nearest_drawn(pack: AssetPack) -> Indices:
    """For each vertex (N,) itself if it is drawn, else the nearest one that is."""
    drawn = np.unique(pack.body.vertex)
    nearest = np.arange(len(pack.vertices))
    others = np.setdiff1d(nearest, drawn)
    squares = (pack.vertices[drawn] ** 2).sum(axis=1)
    for some in np.array_split(others, len(others) // 256 + 1):
        closeness = squares - 2 * pack.vertices[some] @ pack.vertices[drawn].T
        nearest[some] = drawn[closeness.argmin(axis=1)]
    return nearest


def _directions() -> Floats:
    """Evenly spread over the sphere but for its lowest quarter."""
    step = np.arange(DIRECTIONS) + 0.5
    y = 1 - 1.55 * step / DIRECTIONS
    radius = np.sqrt(np.clip(1 - y * y, 0, 1))
    angle = 2 * np.pi * step / ((1 + np.sqrt(5)) / 2)
    return np.stack([radius * np.cos(angle), y, radius * np.sin(angle)], axis=1).astype(np.float32)
