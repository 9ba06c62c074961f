"""The clothes of a photo, fitted on a figure."""

import moderngl
import numpy as np

from foundry.portraits.draw import between
from foundry.portraits.drawing import Part
from foundry.portraits.figure import Figure
from foundry.portraits.fitting import fit, interpolate
from foundry.portraits.garments import KNITS, RIBBED, Cut, cut_from_body, make_hood, suit_name
from foundry.portraits.gpu import Mesh, Value
from foundry.portraits.lights import linear
from foundry.portraits.normals import vertex_normals
from foundry.portraits.pack import AssetPack, Surface
from foundry.portraits.palette import CLOTH
from foundry.portraits.photo import Pattern, Photo
from foundry.portraits.skeleton import lower_arms

PATTERN_CODE: dict[Pattern, int] = {
    "plain": 0,
    "striped": 1,
    "plaid": 2,
    "polka-dot": 3,
    "pinstriped": 4,
}
PLAIN_CLOTH: dict[str, Value] = {
    "pattern": 0,
    "seed": 0.0,
    "has_normal_map": 0.0,
    "mean_tone": 1.0,
    "cut": 0,
    "ribbed_hem": 0,
    "knit": 0.0,
    "folds": 0.0,
    "white_shirt": 0,
}


class Cuts:
    """The garments cut from the body, shared by all figures of one pack."""

    def __init__(self, pack: AssetPack) -> None:
        self._pack = pack
        self._cuts: dict[str, Cut] = {}

    def __getitem__(self, garment: str) -> Cut:
        if garment not in self._cuts:
            self._cuts[garment] = cut_from_body(self._pack, garment)
        return self._cuts[garment]


class Clothing:
    """Parts for the clothes of one figure's photos, and for the skin that they leave bare."""

    def __init__(self, figure: Figure, cuts: Cuts) -> None:
        self.figure, self.cuts = figure, cuts

    def bare(self, body: Mesh, photo: Photo) -> Mesh:
        """The part of `body` that is not hidden under the photo's clothes."""
        suit = self._suit_name(photo)
        return self.figure.once(
            ("body", suit or photo.outfit.garment),
            lambda: body.with_triangles(self._uncovered(suit, photo.outfit.garment)),
        )

    def parts(self, photo: Photo) -> list[Part]:
        """The garment that the photo's outfit asks for."""
        outfit = photo.outfit
        rng = np.random.default_rng([photo.seed, 0xC107])
        uniforms: dict[str, Value] = PLAIN_CLOTH | {
            "tint": linear(CLOTH[outfit.colour]),
            "second_tint": linear(CLOTH[outfit.second_colour]),
            "pattern": PATTERN_CODE[outfit.pattern],
            "seed": between(rng, 0, 50),
            "white_shirt": int(outfit.garment == "suit"),
        }
        suit = self._suit_name(photo)
        if suit:
            return [self._suit(suit, uniforms)]
        garment = outfit.garment
        uniforms |= {
            "knit": 1.0 if garment in KNITS else 0.0,
            "folds": 0.35 if garment in KNITS else 0.55,
        }
        white = {"colour_map": self.figure.gpu.white, "normal_map": self.figure.gpu.white}
        mesh = self.figure.once(("cut", garment), lambda: self._cut_mesh(garment))
        hem: dict[str, Value] = {"cut": 1, "ribbed_hem": int(garment in RIBBED)}
        parts = [Part("cloth", mesh, uniforms | hem, white)]
        if garment == "hoodie":
            hood = self.figure.once(("hood",), self._hood_mesh)
            parts.append(Part("cloth", hood, uniforms, white))
        return parts

    def _suit(self, name: str, uniforms: dict[str, Value]) -> Part:
        own = name.removeprefix("clothes/")
        painted = self.figure.gpu.texture(f"cl_{own}")
        has_normals = f"cln_{own}" in self.figure.pack.textures
        normals = (
            self.figure.gpu.texture(f"cln_{own}").image if has_normals else self.figure.gpu.white
        )
        mesh = self.figure.once((name,), lambda: self._suit_mesh(name))
        return Part(
            "cloth",
            mesh,
            uniforms
            | {"mean_tone": max(painted.light, 0.02), "has_normal_map": float(has_normals)},
            {"colour_map": painted.image, "normal_map": normals},
        )

    def _suit_mesh(self, name: str) -> Mesh:
        figure, proxy = self.figure, self.figure.pack.proxy(name)
        left, right = (
            np.clip(interpolate(proxy, weights), 0, 1) for weights in self.figure.pack.arm_weights
        )
        points = lower_arms(fit(proxy, figure.rest), (left, right), figure.shoulders)
        surface = proxy.surface
        normals = vertex_normals(points, surface.vertex[surface.triangles])
        weight = np.clip(interpolate(proxy, self.figure.pack.head_weight), 0, 1)
        open_ = np.clip(interpolate(proxy, figure.occlusion), 0, 1)
        return self.figure.gpu.mesh(surface, points, normals, weight, open_)

    def _cut_mesh(self, garment: str) -> Mesh:
        figure, cut, body = self.figure, self.cuts[garment], self.figure.pack.body
        points = figure.body_points + figure.body_normals * cut.offset[:, None]
        normals = vertex_normals(points, body.vertex[body.triangles])
        marks = np.zeros((len(body.vertex), 4), np.float32)
        marks[:, 0] = cut.inside[body.vertex]
        surface = Surface(body.vertex, body.uv, cut.triangles)
        return self.figure.gpu.mesh(
            surface, points, normals, self.figure.pack.head_weight, figure.occlusion, marks
        )

    def _hood_mesh(self) -> Mesh:
        hood = make_hood(self.figure.pack, self.figure.rest)
        return self.figure.gpu.solid(hood, np.zeros(len(hood.points), np.float32), occlusion=0.75)

    def _uncovered(self, suit: str | None, garment: str) -> moderngl.Buffer:
        pack, gpu = self.figure.pack, self.figure.gpu
        if suit is None:
            return gpu.index(self.cuts[garment].bare)
        hidden = np.zeros(len(pack.vertices), bool)
        hidden[pack.proxy(suit).hidden] = True
        covered = hidden[pack.body.vertex][pack.body.triangles].all(axis=1)
        return gpu.index(pack.body.triangles[~covered])

    def _suit_name(self, photo: Photo) -> str | None:
        return suit_name(photo.outfit.garment, self.figure.person.gender, photo.seed)
