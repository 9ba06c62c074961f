"""Laying the rig over a picture of somebody, by where their eyes, nose and mouth are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from likeness.engine.acting.expression import MOUTH_OPENS, TEETH_SHOW, unit_weights
from likeness.engine.acting.moment import Moment, mixed
from likeness.engine.acting.pose import Points
from likeness.engine.face_network import EXPRESSIONS
from likeness.engine.faces import Description, Face
from likeness.engine.rig import Rig

CALM = "neutral"
NAMES: Mapping[str, str] = dict(
    zip(
        EXPRESSIONS,
        (
            *(CALM, "smile", "big smile", "laughing", "surprised"),
            *("sad", "angry", "serious", "eyes closed", "pout"),
        ),
        strict=True,
    )
)
"""Of expressions, by the words that the face reader has for them."""

YAW, PITCH, ROLL = 6.0, 8.0, 20.0
"""Degrees by which a head may easily be turned otherwise than the reader says, nodded, and tilted;
and as many landmarks' shares of a head's height as weigh the same: """
NEAR = 0.05

TORSO = 0.5
"""Share of a head's turn that the shoulders have, as people stand for photos."""

STIFF = 0.02
"""How much the rig's likeness to itself weighs against the landmarks, when it is stretched."""

ROUNDS = 8
STEP = 0.5  # degrees

HEAD = 2.3
"""dm from a chin to the top of a head."""

Spots = NDArray[np.float64]


@dataclass(frozen=True)
class HeadFit:
    """How somebody is held in a picture (`start`), and where in it the rig's points are: `along`
    (2, 2) and `at` (2) take x and y in dm to px."""

    start: Moment
    along: Spots
    at: Spots

    @property
    def scale(self) -> float:
        """px in a dm."""
        return float(np.sqrt(abs(np.linalg.det(self.along))))

    def project(self, points: Points) -> Spots:
        """Points (K, 3) to pixels (K, 2), x to the right and y down."""
        return self.flat(points) @ self.along + self.at

    def middle(self, rig: Rig) -> Spots:
        """x and y (2) of the middle of the face, among its landmarks."""
        return self.project(rig.landmarks(self.start)).mean(axis=0)

    @staticmethod
    def flat(points: Points) -> Spots:
        """x to the right and y down, (K, 2), in dm."""
        return points[:, :2].astype(np.float64) * (1, -1)

    def towards(self, other: "HeadFit", share: float) -> "HeadFit":
        """The fit on the way to another, by a share."""
        return HeadFit(
            mixed(self.start, other.start, share),
            (1 - share) * self.along + share * other.along,
            (1 - share) * self.at + share * other.at,
        )

    @classmethod
    def of(cls, rig: Rig, face: Face, seen: Description) -> Self:
        """The rig laid over a face that was found."""
        expression = NAMES[seen.expression] if seen.expression else CALM
        return cls.on(rig, np.array(face.landmarks), seen.yaw, expression)

    @classmethod
    def on(cls, rig: Rig, landmarks: Spots, yaw: float, expression: str) -> Self:
        """The rig laid over landmarks (5, 2) in px, as `Face` has them, of a head that is turned by
        about `yaw` degrees and has an expression of `expression.UNITS`.

        Angles are sought by Gauss and Newton's method, where the nearest similarity takes the rig's
        landmarks to those; what is left, a stretch takes up.
        """
        angles = np.array([yaw, 0.0, 0.0])

        def missed(tried: Spots) -> Spots:
            spots = cls.flat(rig.landmarks(_held(tried, expression)))
            scale, at = _similarity(spots, landmarks)
            apart = (scale * spots + at - landmarks) / (scale * HEAD * NEAR)
            return np.array([*apart.ravel(), *((tried - (yaw, 0, 0)) / (YAW, PITCH, ROLL))])

        for _ in range(ROUNDS):
            here = missed(angles)
            slopes = [(missed(angles + turn) - here) / STEP for turn in STEP * np.eye(3)]
            better = angles - np.linalg.lstsq(np.stack(slopes, axis=1), here)[0]
            angles = better.astype(np.float64)
        return cls._laid(rig, landmarks, _held(angles, expression))

    def turned(self, rig: Rig, landmarks: Spots, degrees: float) -> Self:
        """The same, laid over its landmarks when it is turned by some degrees more."""
        yaw = self.start.yaw + degrees
        return self._laid(rig, landmarks, replace(self.start, yaw=yaw, torso=TORSO * yaw))

    @classmethod
    def _laid(cls, rig: Rig, landmarks: Spots, start: Moment) -> Self:
        spots = cls.flat(rig.landmarks(start))
        scale, _ = _similarity(spots, landmarks)
        middle, centred = spots.mean(axis=0), spots - spots.mean(axis=0)
        left = landmarks - landmarks.mean(axis=0) - scale * centred
        stiff = STIFF * (centred**2).sum() * np.eye(2)
        along = scale * np.eye(2) + np.linalg.solve(centred.T @ centred + stiff, centred.T @ left)
        return cls(start, along, landmarks.mean(axis=0) - middle @ along)


def _held(angles: Spots, expression: str) -> Moment:
    yaw, pitch, roll = angles.tolist()
    return Moment(
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        torso=TORSO * yaw,
        gaze=(0.0, 0.0),
        weights=unit_weights(expression),
        mouth=float(expression in MOUTH_OPENS),
        teeth=float(expression in TEETH_SHOW),
    )


def _similarity(spots: Spots, landmarks: Spots) -> tuple[float, Spots]:
    """The scale and shift that take spots nearest to landmarks."""
    centred = spots - spots.mean(axis=0)
    scale = float((centred * landmarks).sum() / (centred**2).sum())
    return scale, landmarks.mean(axis=0) - scale * spots.mean(axis=0)
