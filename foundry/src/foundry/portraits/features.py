"""What the face holds: eyes, brows, lashes, teeth and tongue, moved anew for each photo."""

from dataclasses import dataclass

import numpy as np

from foundry.portraits.drawing import Part, Stage
from foundry.portraits.expression import expressed
from foundry.portraits.figure import Figure
from foundry.portraits.fitting import fit, interpolate
from foundry.portraits.gpu import Mesh, interleaved
from foundry.portraits.normals import unit, vertex_normals
from foundry.portraits.pack import Floats, Indices, Proxy
from likeness.engine.acting.moment import Moment

EYES, TEETH, TONGUE = "eyes/high-poly", "teeth/teeth_base", "tongue/tongue01"
TEETH_TINT, TONGUE_TINT = (1.75, 1.68, 1.55), (1.0, 1.0, 1.0)
BROW_LIFT = 0.014  # dm in front of the skin, with which brows would fight for depth
TEETH_BEHIND = 0.5  # dm behind their place from where teeth come into it
DRAWN_IN = (0.88, 0.24)  # width, and dm back: an open mouth's inside must not leave the cheeks


@dataclass(frozen=True)
class Hung:
    """A proxy whose place follows the expression: its mesh, its normals per corner at rest."""

    proxy: Proxy
    mesh: Mesh
    normals: Floats


class Features:
    """A figure's features; make them after the figure's occlusion is baked."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        traits = figure.traits
        self._mouth_inside = self._find_mouth_inside()
        self._eyes = self._hung(EYES)
        self._teeth = self._hung(TEETH)
        self._tongue = self._hung(TONGUE)
        self._brows = self._hung(f"eyebrows/{traits.brow}")
        self._lashes = self._hung(f"eyelashes/{traits.lashes}")

    def parts(self, moment: Moment) -> list[Part]:
        """Eyes, brows and lashes, teeth and tongue where they may show; as `pose` put them."""
        woman = self._figure.person.gender == "woman"
        mouth: list[Part] = []
        if moment.mouth:
            mouth.append(self._mouth_part(self._tongue, "tongue", TONGUE_TINT, 0.45))
        if moment.teeth:
            mouth.append(self._mouth_part(self._teeth, "teeth", TEETH_TINT, 0.62))
        dark_brown = "brown" in self._figure.traits.iris
        return [
            Part(
                "eye",
                self._eyes.mesh,
                {"tint": (0.80, 0.86, 0.88) if dark_brown else (0.92, 0.90, 0.88)},
                {"colour_map": self._figure.gpu.texture(self._figure.traits.iris).image},
                shadow=None,
            ),
            *mouth,
            self._hair_part(
                self._brows,
                self._figure.traits.brow,
                self._figure.hair_colour * 0.8 + 0.004,
                self._figure.traits.brow_strength,
            ),
            self._hair_part(
                self._lashes,
                self._figure.traits.lashes,
                np.array([0.012, 0.01, 0.01], np.float32),
                0.95 if woman else 0.55,
            ),
        ]

    def pose(self, body: Mesh, moment: Moment) -> Floats:
        """Gives `body` and the features the moment's expression and gaze.

        Returns the expressed vertices (N, 3) before posing.
        """
        points = expressed(
            self._figure.pack, self._figure.rest, self._figure.person.ancestry, moment.weights
        )
        face = self._figure.anatomy.face.normals
        shape = self._figure.body_points.copy()
        shape[face.vertices] = points[face.vertices]
        if moment.mouth:
            inside = shape[self._mouth_inside]
            back = moment.mouth * DRAWN_IN[1]
            inside[:, 2] -= back * np.clip((np.abs(inside[:, 0]) - 0.1) / 0.15, 0, 1)
            inside[:, 0] *= 1 - moment.mouth * (1 - DRAWN_IN[0])
            shape[self._mouth_inside] = inside
        normals = self._figure.body_normals.copy()
        normals[face.vertices] = face(shape)
        corners = self._figure.pack.body.vertex
        body.shape.write(interleaved(shape[corners], normals[corners]))
        self._pose_eyes(points, moment)
        hung_on = [(self._brows, BROW_LIFT), (self._lashes, 0.0)]
        if moment.mouth:
            hung_on.append((self._tongue, 0.0))
        if moment.teeth:
            hung_on.append((self._teeth, (moment.teeth - 1) * TEETH_BEHIND))
        for hung, forwards in hung_on:
            at = fit(hung.proxy, points)[hung.proxy.surface.vertex]
            at[:, 2] += forwards
            hung.mesh.shape.write(interleaved(at, hung.normals))
        return points

    def _find_mouth_inside(self) -> Indices:
        """Vertices around the mouth, behind the lips, that no light reaches while it is shut."""
        figure = self._figure
        x, y, z = figure.rest.T
        mouth = figure.pack.joint(figure.rest, "mouth")
        lips = figure.rest[figure.anatomy.regions.lips > 0.5, 2].max()
        near = (np.abs(x) < 0.7) & (y < mouth[1] + 0.05) & (y > mouth[1] - 0.6)
        near &= (z < lips - 0.12) & (z > mouth[2] - 0.5) & (figure.occlusion < 0.06)
        drawn = figure.pack.body.vertex
        return np.intersect1d(drawn, np.nonzero(near)[0])

    def _pose_eyes(self, points: Floats, moment: Moment) -> None:
        proxy = self._eyes.proxy
        at, out = fit(proxy, points), np.empty((len(proxy.references), 3), np.float32)
        yaw, pitch = np.radians(moment.gaze)
        turn = _gaze(float(yaw), float(pitch))
        for side in (at[:, 0] > 0, at[:, 0] <= 0):
            centre = at[side].mean(axis=0)
            out[side] = (at[side] - centre) @ turn.T
            at[side] = out[side] + centre
        corners = proxy.surface.vertex
        # A ball's normals, not the flat iris's: they make the catchlight.
        self._eyes.mesh.shape.write(interleaved(at[corners], unit(out)[corners]))

    def _hung(self, name: str) -> Hung:
        proxy = self._figure.pack.proxy(name)
        surface = proxy.surface
        points = fit(proxy, self._figure.rest)
        normals = vertex_normals(points, surface.vertex[surface.triangles])
        weight = np.clip(interpolate(proxy, self._figure.pack.head_weight), 0, 1)
        open_ = np.clip(interpolate(proxy, self._figure.occlusion), 0, 1)
        mesh = self._figure.gpu.mesh(surface, points, normals, weight, open_)
        return Hung(proxy, mesh, normals[surface.vertex])

    def _mouth_part(
        self, hung: Hung, texture: str, tint: tuple[float, float, float], shade: float
    ) -> Part:
        return Part(
            "mouth",
            hung.mesh,
            {"tint": tint, "depth_shade": shade},
            {"colour_map": self._figure.gpu.texture(texture).image},
            shadow=None,
        )

    def _hair_part(self, hung: Hung, texture: str, colour: Floats, strength: float) -> Part:
        return Part(
            "brow",
            hung.mesh,
            {"hair_colour": colour, "strength": strength},
            {"colour_map": self._figure.gpu.texture(texture).image},
            stage=Stage.BLENDED,
            shadow=None,
        )


def _gaze(yaw: float, pitch: float) -> Floats:
    """Turns upwards by `pitch`, then towards +x by `yaw`."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    return (about_y @ about_x).astype(np.float32)
