"""Garments: cut from the body's own surface, or meshes of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.person import Gender
from foundry.portraits.primitives import Solid, joined, tube
from foundry.portraits.regions import smoothstep

UNSEEN = 0.3  # dm inside of the hem from where skin cannot be seen
SLEEVE = 2.5  # |x| in dm at which a short sleeve ends
KNITS = ("sweater", "turtleneck")
RIBBED = (*KNITS, "hoodie", "t-shirt", "v-neck")


@dataclass(frozen=True)
class Cloth:
    """How far a cut garment stands off the skin, and how much thicker its hem is (dm)."""

    off: float
    hem: float


CUTS: Mapping[str, Cloth] = {
    "t-shirt": Cloth(0.055, 0.03),
    "sweater": Cloth(0.11, 0.06),
    "v-neck": Cloth(0.055, 0.02),
    "turtleneck": Cloth(0.055, 0.03),
    "tank top": Cloth(0.03, 0.01),
    "hoodie": Cloth(0.14, 0.12),
    "dress": Cloth(0.03, 0.008),
}
SUITS: Mapping[str, Mapping[Gender, tuple[str, ...]]] = {
    "shirt": {
        "man": ("male_casualsuit01",),
        "woman": ("male_casualsuit01",),
    },
    "jacket": {"man": ("male_casualsuit05",), "woman": ("male_casualsuit05",)},
    "suit": {"man": ("male_elegantsuit01",), "woman": ("male_elegantsuit01",)},
    "work shirt": {"man": ("male_worksuit01",), "woman": ("male_worksuit01",)},
    "blouse": {
        "man": ("male_casualsuit01",),
        "woman": ("female_casualsuit01", "female_casualsuit02"),
    },
    "sports top": {"man": ("male_casualsuit04",), "woman": ("female_sportsuit01",)},
}


@dataclass(frozen=True)
class Cut:
    """A garment cut from the body: its triangles (of corners), those of the body that stay bare,
    how far each vertex (N,) is pushed out, and how deep inside of the hem it lies (N,), in dm."""

    triangles: Indices
    bare: Indices
    offset: Floats
    inside: Floats


def cut_from_body(pack: AssetPack, garment: str) -> Cut:
    """The cut of one of `CUTS`; the same for all people."""
    inside = _inside(pack, garment).astype(np.float32)
    corners = pack.body.vertex[pack.body.triangles]
    cloth = CUTS[garment]
    depth = np.clip(inside / 0.25, 0, 1)
    offset = cloth.off * (0.45 + 0.55 * depth) + cloth.hem * np.exp(-((inside / 0.12) ** 2))
    return Cut(
        pack.body.triangles[(inside[corners] > -0.02).any(axis=1)],
        pack.body.triangles[(inside[corners] < UNSEEN).any(axis=1)],
        offset.astype(np.float32),
        inside,
    )


def _inside(pack: AssetPack, garment: str) -> Floats:
    """Signed distance to the hem on the neutral mesh, positive under the cloth."""
    x, y, z = np.abs(pack.vertices[:, 0]), pack.vertices[:, 1], pack.vertices[:, 2]
    front = np.clip((z + 0.1) / 0.7, 0, 1)
    from_neck = np.clip(np.hypot(x, z - 0.2) - 0.52, 0, 3)
    cone = from_neck * 0.75 * np.clip((6.05 - y) / 0.3, 0, 1)
    match garment:
        case "turtleneck":
            return 6.18 - 0.20 * smoothstep(0.40, 0.72, z) - y + cone * 0.35
        case "v-neck":
            return 5.86 - 0.12 * front - np.clip(0.62 - x, 0, 0.62) * 1.25 * front - y + cone * 0.8
        case "tank top":
            scoop = 0.55 + 0.45 * front
            neckline = 0.7 * (np.hypot(x / 0.72, np.minimum(y - 5.85, 0) / scoop) - 1)
            strap = 1.22 - x + np.clip(4.9 - y, 0, 1) * 0.5
            return np.minimum(np.minimum(neckline, strap), (6.0 - y) * 2)
        case "dress":
            scoop = 0.45 + 0.25 * front
            neckline = 0.8 * (np.hypot(x / 1.10, np.minimum(y - 5.6, 0) / scoop) - 1)
            strap = 1.72 - x + np.clip(4.9 - y, 0, 1) * 0.3
            return np.minimum(np.minimum(neckline, strap), (6.0 - y) * 2)
        case "hoodie":
            return 5.92 - 0.25 * front - y + cone
        case "sweater":
            return 5.96 - 0.24 * front - y + cone
        case _:
            return np.minimum(5.88 - 0.36 * front - y + cone, (SLEEVE - x) * 1.2)


def suit_name(garment: str, gender: Gender, choice: int) -> str | None:
    """The pack's mesh for a garment, None if it is cut from the body; `choice` picks a variant."""
    if garment not in SUITS:
        return None
    names = SUITS[garment][gender]
    return f"clothes/{names[choice % len(names)]}"


def make_hood(pack: AssetPack, rest: Floats) -> Solid:
    """The hood of a hoodie, lying on the shoulders, and its two cords."""
    neck = pack.joint(rest, "neck")
    around = np.linspace(0, 2 * np.pi, 41)
    forwards = np.cos(around)
    back = (1 - forwards) / 2
    path = np.stack(
        [
            neck[0] + np.sin(around) * (0.80 + 0.16 * back),
            neck[1] - 0.42 + 0.34 * back,
            neck[2] + 0.10 + forwards * np.where(forwards > 0, 0.78, 0.80),
        ],
        axis=1,
    ).astype(np.float32)
    collar = tube(path, (0.15 + 0.19 * back).astype(np.float32))
    cords = []
    for side in (-1, 1):
        start = neck + np.array([side * 0.17, -0.52, 1.0], np.float32)
        drop = np.array([[0, 0, 0], [0.03 * side, -0.5, 0.16], [0.05 * side, -1.1, 0.3]])
        cords.append(tube((start + drop).astype(np.float32), 0.035))
    return joined([collar, *cords])
