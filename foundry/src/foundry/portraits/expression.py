"""Expressions: named blends of the mesh's facial units, and the part of the body they move."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foundry.portraits.normals import VertexNormals
from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.person import Ancestry


def both(**units: float) -> dict[str, float]:
    """`eye_slit` stands for that unit of the left and of the right eye."""
    weights: dict[str, float] = {}
    for unit, weight in units.items():
        part, rest = unit.split("_", 1)
        for side in ("left", "right"):
            weights[f"{part}-{side}-{rest.replace('_', '-')}"] = weight
    return weights


UNITS: Mapping[str, Mapping[str, float]] = {
    "neutral": {},
    "smile": {"mouth-corner-puller": 0.75} | both(eye_slit=0.18),
    "big smile": {
        "mouth-corner-puller": 0.95,
        "mouth-upward-retraction": 0.45,
        "mouth-parling": 0.25,
    }
    | both(eye_slit=0.35),
    "laughing": {
        "mouth-corner-puller": 1.0,
        "mouth-open": 0.38,
        "mouth-upward-retraction": 0.35,
    }
    | both(eye_slit=0.6),
    "surprised": {"mouth-open": 0.75, "mouth-pursing": 0.45}
    | both(eyebrows_up=0.9, eye_opened_up=0.8),
    "sad": {"mouth-depression": 0.75} | both(eyebrows_inner_up=0.9, eye_slit=0.25),
    "angry": {"mouth-compression": 0.6, "nose-compression": 0.5}
    | both(eyebrows_down=1.0, eye_slit=0.3),
    "serious": {"mouth-compression": 0.25} | both(eyebrows_down=0.45),
    "eyes closed": both(eye_closure=1.0),
    "pout": {"mouth-pursing": 0.8, "mouth-eversion": 0.35},
}
AT_EASE = both(eyebrows_inner_up=0.42, eyebrows_up=0.14)  # the mesh's own brows look stern
MOUTH_AT_EASE = 0.16
TEETH_SHOW = ("smile", "big smile", "laughing", "sad")
MOUTH_OPENS = (*TEETH_SHOW, "surprised")


def unit_weights(expression: str) -> dict[str, float]:
    """Weights in 0..1 of the facial units of a named expression."""
    weights = dict(UNITS[expression])
    if "eyebrows-left-down" not in weights:
        for unit, weight in AT_EASE.items():
            weights[unit] = max(weights.get(unit, 0.0), weight)
        if not any(unit.startswith("mouth") for unit in weights):
            weights["mouth-corner-puller"] = MOUTH_AT_EASE
    return weights


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
