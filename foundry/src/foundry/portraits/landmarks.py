"""Where the features of a posed face lie in the picture."""

from dataclasses import dataclass

import numpy as np

from foundry.portraits.camera import Camera
from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.regions import Regions
from likeness.engine.acting.pose import Pose
from likeness.engine.rig import IRIS

CORNER = 0.15  # of the mask from which a vertex counts as lip


@dataclass(frozen=True)
class FaceBox:
    """A square around the face, brows to chin: centre and side in pixels."""

    x: float
    y: float
    side: float


class LandmarkFinder:
    """`spots` are the vertices of the nose's tip and of the corners of the mouth."""

    def __init__(self, pack: AssetPack, regions: Regions) -> None:
        self._pack = pack
        at = pack.vertices
        nose = pack.target("nose/nose-point-up").vertices
        tip = int(nose[np.argmax(at[nose, 2])])
        lips = np.nonzero(regions.lips > CORNER)[0]
        x = at[lips, 0]
        corners = int(lips[np.argmin(x)]), int(lips[np.argmax(x)])
        self.spots: tuple[int, int, int] = (tip, *corners)
        self._face = self._outline()

    def landmarks(self, points: Floats, pose: Pose, camera: Camera, size: int) -> Floats:
        """(5, 2) in pixels: eyes, nose tip, corners of the mouth; those on the left of a frontal
        picture first. `points` (N, 3) are the expressed vertices before posing."""
        iris = np.array([0, 0, IRIS], np.float32)
        eyes = [self._pack.joint(points, name) + iris for name in ("r-eye", "l-eye")]
        spots = np.stack([*eyes, *points[list(self.spots)]])
        return camera.project(pose.apply(spots, np.ones(5, np.float32)), size)

    def face(self, points: Floats, pose: Pose, camera: Camera, size: int) -> FaceBox:
        weight = self._pack.head_weight[self._face]
        seen = camera.project(pose.apply(points[self._face], weight), size)
        low, high = seen.min(axis=0), seen.max(axis=0)
        x, y = ((low + high) / 2).tolist()
        return FaceBox(x, y, float((high - low).max()))

    def _outline(self) -> Indices:
        """The drawn vertices between brows and chin, without ears and throat."""
        at = self._pack.vertices
        drawn = np.zeros(len(at), bool)
        drawn[self._pack.body.vertex] = True
        eyes = self._pack.joint(at, "l-eye")[1]
        y, z = at[:, 1], at[:, 2]
        lengthened = self._pack.target("chin/chin-height-incr")
        moved = np.linalg.norm(lengthened.delta, axis=1)
        chin = at[lengthened.vertices[moved > moved.max() / 2], 1].min()
        return np.nonzero(drawn & (y < eyes + 0.40) & (y >= chin) & (z > 0.55))[0]
