"""A figure's hair and beard, fitted, also under hats."""

import moderngl
import numpy as np

from foundry.portraits.drawing import Cutout, Part, Stage
from foundry.portraits.figure import Figure
from foundry.portraits.gpu import Mesh
from foundry.portraits.hair import (
    BEARDS,
    NO_CUT,
    STYLES,
    Fur,
    cut_height,
    fit_cards,
    make_bun,
    scalp_mask,
)
from foundry.portraits.headwear import Headwear
from foundry.portraits.normals import vertex_normals
from foundry.portraits.occlusion import Points
from foundry.portraits.pack import Floats, Surface
from foundry.portraits.photo import HatKind
from foundry.portraits.primitives import Solid

BUN_TEXTURE = "hair_long01"
BROW_OVER_EYES = np.array([0, 0.24, -0.15], np.float32)


class Haircut:
    """Parts for the hair of one figure; `body` is the mesh that beards move with."""

    def __init__(self, figure: Figure, headwear: Headwear, body: Mesh) -> None:
        self.figure, self._headwear, self._body = figure, headwear, body
        self.style = STYLES[figure.person.hair]
        self._cards = [fit_cards(figure.pack, figure.rest, cards) for cards in self.style.cards]
        self._surfaces = [
            figure.pack.proxy(f"hair/{cards.mesh}").surface for cards in self.style.cards
        ]
        self._normals = [
            vertex_normals(mesh.points, surface.vertex[surface.triangles])
            for mesh, surface in zip(self._cards, self._surfaces, strict=True)
        ]
        self._occlusion: list[Floats] = [
            np.ones(len(mesh.points), np.float32) for mesh in self._cards
        ]

    def bake(self) -> None:
        """Bakes the figure's occlusion with its hair, without clothes and hats: those change."""
        spots = [
            Points(mesh.points, normals, thin=True)
            for mesh, normals in zip(self._cards, self._normals, strict=True)
        ]
        casters = [Part("skin", self._body), *self.parts(None)]
        self._occlusion = self.figure.bake(casters, spots)

    def parts(self, hat: HatKind | None) -> list[Part]:
        """Hair and beard, pressed flat under a hat."""
        figure = self.figure
        corners, regions = figure.pack.body.vertex, figure.anatomy.regions
        parts = self._card_parts(hat)
        if self.style.fur:
            grown = scalp_mask(figure.person.hair, regions.scalp, figure.pack.vertices[corners])
            parts.append(self._fur(grown, self.style.fur, hat))
        beard = figure.person.beard
        if beard in BEARDS:
            mask = regions.goatee if beard == "goatee" else regions.beard
            parts.append(self._fur(mask[corners], BEARDS[beard], None))
        return parts

    def _card_parts(self, hat: HatKind | None) -> list[Part]:
        parts = []
        for number, cards in enumerate(self.style.cards):
            mesh = self.figure.once(
                ("cards", number, hat), lambda n=number: self._card_mesh(n, hat)
            )
            texture = self.figure.gpu.texture(f"hair_{cards.mesh}")
            parts.append(self._hair_part(mesh, texture.image, texture.tone, cards.shortened))
        place = self.style.bun
        if place:
            texture = self.figure.gpu.texture(BUN_TEXTURE)
            mesh = self.figure.once(("bun", hat), lambda: self._bun_mesh(place, hat))
            parts.append(self._hair_part(mesh, texture.image, texture.tone, False))
        return parts

    def _hair_part(self, mesh: Mesh, image: moderngl.Texture, tone: float, shortened: bool) -> Part:
        figure = self.figure
        height = NO_CUT
        if shortened:
            height = cut_height(self.figure.pack, figure.rest, figure.traits.noise)
        return Part(
            "cards",
            mesh,
            {
                "hair_colour": figure.hair_colour,
                "head_centre": figure.head_centre,
                "mean_tone": tone,
                "seed": figure.traits.noise,
                "cut_height": height,
                "brow": figure.eye_middle(figure.rest) + BROW_OVER_EYES,
            },
            {"colour_map": image},
            stage=Stage.CARDS,
            shadow=Cutout.ALPHA,
        )

    def _card_mesh(self, number: int, hat: HatKind | None) -> Mesh:
        fitted = self._cards[number]
        surface = self._surfaces[number]
        points, normals = fitted.points, self._normals[number]
        if hat:
            points = self._headwear.block(hat).flatten(points)
            normals = vertex_normals(points, surface.vertex[surface.triangles])
        return self.figure.gpu.mesh(
            Surface(surface.vertex, surface.uv, fitted.triangles),
            points,
            normals,
            fitted.head_weight,
            self._occlusion[number],
        )

    def _bun_mesh(self, place: str, hat: HatKind | None) -> Mesh:
        bun, uv = make_bun(self.figure.pack, self.figure.rest, place)
        if hat:
            flat = self._headwear.block(hat).flatten(bun.points)
            bun = Solid(flat, bun.normals, bun.triangles)
        return self.figure.gpu.solid(bun, np.ones(len(bun.points), np.float32), uv=uv)

    def _fur(self, mask: Floats, fur: Fur, hat: HatKind | None) -> Part:
        figure = self.figure
        mesh = figure.once(("fur", fur, hat), lambda: self._fur_mesh(mask, hat))
        return Part(
            "fur",
            mesh,
            {
                "hair_colour": figure.hair_colour,
                "head_centre": figure.head_centre,
                "seed": figure.traits.noise,
                "fur_length": fur.length,
                "density": fur.density,
                "curl": fur.curl,
            },
            stage=Stage.FUR,
            shadow=Cutout.MASK,
            fur=fur,
        )

    def _fur_mesh(self, mask: Floats, hat: HatKind | None) -> Mesh:
        figure, body = self.figure, self.figure.pack.body
        if hat:
            mask = mask * (1 - self._headwear.block(hat).covers(figure.rest[body.vertex]))
        triangles = body.triangles[(mask[body.triangles] > 0.03).any(axis=1)]
        marks = np.concatenate([self.figure.pack.vertices[body.vertex], mask[:, None]], axis=1)
        mesh = self.figure.gpu.mesh(
            Surface(body.vertex, body.uv, triangles),
            figure.body_points,
            figure.body_normals,
            self.figure.pack.head_weight,
            figure.occlusion,
            marks,
        )
        # Beards move with the face.
        return self._body.relit(mesh).with_triangles(mesh.index)
