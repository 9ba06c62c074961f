"""What expressions do to the mesh, and the part of the body that they move."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foundry.portraits.normals import VertexNormals
from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.person import Ancestry


def expressed(
    pack: AssetPack, rest: Floats, ancestry: Ancestry, weights: Mapping[str, float]
) -> Floats:
    """The vertices (N, 3) of `rest` with the facial units at `weights`."""
    points = rest.copy()
    shares: Mapping[str, float] = ancestry.model_dump()
    used = {unit: weight for unit, weight in weights.items() if weight}
    for unit, weight in used.items():
        for name, share in shares.items():
            target = pack.targets.get(f"expr/{name}/{unit}")
            if target is not None:
                points[target.vertices] += target.delta * np.float32(weight * share)
    return points


@dataclass(frozen=True)
class FaceRegion:
    """The drawn vertices that some expression moves, and those beside them."""

    pack: AssetPack

    @cached_property
    def normals(self) -> VertexNormals:
        """Normals of these vertices alone; `normals.vertices` says which they are."""
        corners = self.pack.body.vertex[self.pack.body.triangles]
        return VertexNormals(corners, wanted=self._touched(corners))

    def _touched(self, corners: Indices) -> Indices:
        moved = np.unique(
            np.concatenate(
                [
                    target.vertices
                    for name, target in self.pack.targets.items()
                    if name.startswith("expr/")
                ]
            )
        )
        return np.unique(corners[np.isin(corners, moved).any(axis=1)])
