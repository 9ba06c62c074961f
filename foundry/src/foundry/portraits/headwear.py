"""What a figure wears on its head: hats, glasses, earrings."""

from foundry.portraits.clothing import PLAIN_CLOTH
from foundry.portraits.drawing import Part, Stage
from foundry.portraits.figure import Figure
from foundry.portraits.glasses import FRAMES, make_glasses
from foundry.portraits.gpu import Mesh
from foundry.portraits.hats import HatBlock
from foundry.portraits.jewellery import LINEAR_COLOUR, make_earrings
from foundry.portraits.lights import linear
from foundry.portraits.palette import CLOTH
from foundry.portraits.person import GlassesShape
from foundry.portraits.photo import Earrings, Eyewear, HatKind, Photo

SUNGLASSES_SIZE = 1.18
SUNGLASSES_SHAPE: GlassesShape = "square"
GLASSES_SHAPE: GlassesShape = "round"  # of somebody who owns none
LENS_TINT = (0.008, 0.008, 0.009)
KNIT_HATS: tuple[HatKind, ...] = ("beanie", "headband")


class Headwear:
    """Parts for what one figure wears on the head."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure

    def parts(self, photo: Photo) -> list[Part]:
        parts: list[Part] = []
        if photo.earrings:
            parts.append(self.earrings(photo.earrings))
        if photo.eyewear:
            parts += self.eyewear(photo.eyewear)
        if photo.hat:
            parts.append(self.hat(photo.hat.kind, photo.hat.colour))
        return parts

    def block(self, hat: HatKind) -> HatBlock:
        return self.figure.once(
            ("block", hat), lambda: HatBlock(self.figure.pack, self.figure.rest, hat)
        )

    def hat(self, kind: HatKind, colour: str) -> Part:
        mesh = self.figure.once(("hat", kind), lambda: self.figure.on_head(self.block(kind).hat()))
        tint = linear(CLOTH[colour])
        uniforms = PLAIN_CLOTH | {
            "tint": tint,
            "second_tint": tint,
            "knit": 1.0 if kind in KNIT_HATS else 0.0,
            "folds": 0.2,
        }
        white = {"colour_map": self.figure.gpu.white, "normal_map": self.figure.gpu.white}
        return Part("cloth", mesh, uniforms, white)

    def earrings(self, kind: Earrings) -> Part:
        mesh = self.figure.once(
            ("earrings",),
            lambda: self.figure.on_head(make_earrings(self.figure.pack, self.figure.rest)),
        )
        return Part("metal", mesh, {"tint": LINEAR_COLOUR[kind], "roughness": 0.25}, shadow=None)

    def eyewear(self, kind: Eyewear) -> list[Part]:
        person, dark = self.figure.person, kind == "sunglasses"
        shape = person.glasses or (SUNGLASSES_SHAPE if dark else GLASSES_SHAPE)
        size = SUNGLASSES_SIZE if dark else 1.0
        frame, lenses = self.figure.once(
            ("eyewear", kind),
            lambda: self._glasses_meshes(size, shape),
        )
        metal = FRAMES[person.glasses_colour]
        return [
            Part("metal", frame, {"tint": metal.colour, "roughness": metal.roughness}),
            Part(
                "lens",
                lenses,
                {"tint": LENS_TINT, "darkness": 1.0 if dark else 0.0},
                stage=Stage.GLASS,
                shadow=None,
            ),
        ]

    def _glasses_meshes(self, size: float, shape: GlassesShape) -> tuple[Mesh, Mesh]:
        made = make_glasses(
            self.figure.pack,
            self.figure.rest,
            shape,
            self.figure.person.glasses_colour,
            size,
        )
        return self.figure.on_head(made.frame), self.figure.on_head(made.lenses)
