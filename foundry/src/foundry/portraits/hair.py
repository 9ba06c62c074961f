"""Hair: meshes of hair cards, shells of fur, and buns."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foundry.portraits.fitting import fit
from foundry.portraits.pack import AssetPack, Floats, Indices
from foundry.portraits.primitives import Solid, grid_triangles
from foundry.portraits.regions import smoothstep

NO_CUT = -99.0


@dataclass(frozen=True)
class Cards:
    """A hair mesh of the pack. `shortened` cuts it above the shoulders, `wave` curls its length,
    `fringe` keeps only what hangs over the forehead."""

    mesh: str
    shortened: bool = False
    wave: float = 0.0
    fringe: bool = False


@dataclass(frozen=True)
class Fur:
    """Hair as `layers` shells up to `length` dm over the skin; `density` of strands, `curl`."""

    length: float
    layers: int
    density: float
    curl: float


@dataclass(frozen=True)
class Style:
    """What a named style is made of. `scalp` is how dark the hair's roots colour the skin."""

    cards: tuple[Cards, ...] = ()
    fur: Fur | None = None
    bun: str | None = None
    scalp: float = 0.85


STYLES: Mapping[str, Style] = {
    "short textured": Style((Cards("short01"),)),
    "short": Style((Cards("short02"),)),
    "side-swept": Style((Cards("short03"),)),
    "slicked-back": Style((Cards("short04"),)),
    "bob": Style((Cards("bob02"),)),
    "long straight": Style((Cards("long01"),)),
    "long wavy": Style((Cards("long01", wave=1.0),)),
    "long with bangs": Style((Cards("long01"), Cards("short02", fringe=True))),
    "shoulder-length": Style((Cards("long01", shortened=True),)),
    "shoulder-length wavy": Style((Cards("long01", shortened=True, wave=0.9),)),
    "shoulder-length with bangs": Style(
        (Cards("long01", shortened=True), Cards("short02", fringe=True))
    ),
    "bun": Style((Cards("short04"),), bun="low"),
    "top knot": Style((Cards("short04"),), bun="high"),
    "ponytail": Style((Cards("ponytail01"),)),
    "braid": Style((Cards("braid01"),)),
    "buzz cut": Style(fur=Fur(0.03, 4, 60, 0.2), scalp=0.75),
    "very short": Style(fur=Fur(0.10, 7, 42, 0.5)),
    "afro": Style(fur=Fur(0.70, 22, 15, 1.3)),
    "short afro": Style(fur=Fur(0.32, 15, 19, 1.2)),
    "curly": Style(fur=Fur(0.28, 14, 11, 2.0)),
    "bald": Style(scalp=0.10),
    "balding": Style(fur=Fur(0.04, 4, 50, 0.4), scalp=0.3),
}
BEARDS: Mapping[str, Fur] = {
    "full beard": Fur(0.085, 7, 36, 0.8),
    "short beard": Fur(0.03, 4, 52, 0.5),
    "goatee": Fur(0.06, 6, 40, 0.7),
}
STUBBLE: Mapping[str, float] = {  # how dark the skin under it is
    "stubble": 0.62,
    "full beard": 0.9,
    "goatee": 0.85,
    "short beard": 0.85,
}


@dataclass(frozen=True)
class CardMesh:
    """Fitted cards: vertices (Q, 3), their pull towards the head (Q,), triangles of corners
    sorted from the inside out, so that blending needs no sorting per photo."""

    points: Floats
    head_weight: Floats
    triangles: Indices


def fit_cards(pack: AssetPack, rest: Floats, cards: Cards) -> CardMesh:
    proxy = pack.proxy(f"hair/{cards.mesh}")
    points = fit(proxy, rest)
    neck = pack.joint(rest, "neck")
    weight = np.clip((points[:, 1] - (neck[1] - 1.4)) / 1.6, 0.35, 1)
    if cards.wave:
        points = points + _wave(points, neck, cards.wave)
    corners = points[proxy.surface.vertex]
    triangles = proxy.surface.triangles
    if cards.fringe:
        fringe = corners[triangles] - head_centre(pack, rest)
        triangles = triangles[
            (fringe[..., 2] > 0.75).all(axis=1) & (fringe[..., 1] < 0.5).all(axis=1)
        ]
    centres = corners[triangles].mean(axis=1) - head_centre(pack, rest)
    order = np.argsort(np.einsum("ij,ij->i", centres, centres), kind="stable")
    return CardMesh(points.astype(np.float32), weight.astype(np.float32), triangles[order])


def _wave(points: Floats, neck: Floats, strength: float) -> Floats:
    """Sideways, stronger towards the tips, in step along each lock."""
    height = points[:, 1]
    amount = 0.16 * strength * np.clip((neck[1] + 1.6 - height) / 1.2, 0, 1)
    phase = height * 5.2 + np.arctan2(points[:, 0], points[:, 2]) * 5
    zero = np.zeros_like(height)
    return np.stack([amount * np.sin(phase), zero, amount * np.cos(phase)], axis=1)


def head_centre(pack: AssetPack, rest: Floats) -> Floats:
    return (pack.joint(rest, "head") + pack.joint(rest, "head-2")) / 2


def cut_height(pack: AssetPack, rest: Floats, noise: float) -> float:
    """Height at which shoulder-length hair ends; `noise` 0..40 is the person's."""
    return float(pack.joint(rest, "neck")[1] - 0.35 + 0.5 * (noise / 40 - 0.5))


def make_bun(pack: AssetPack, rest: Floats, place: str) -> tuple[Solid, Floats]:
    """A bun, `high` on the head or `low` at its back, and texture coordinates (K, 2) for it."""
    crown = pack.joint(rest, "head-2")
    centre = crown + np.array([0, 0.18, -0.15] if place == "high" else [0, -0.75, -1.18])
    radius = 0.36 if place == "high" else 0.42
    rows, columns = 17, 33
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, rows), np.linspace(0, 2 * np.pi, columns), indexing="ij"
    )
    points = np.stack(
        [
            np.sin(polar) * np.cos(around) * 1.08,
            np.cos(polar) * 0.92,
            np.sin(polar) * np.sin(around),
        ],
        axis=-1,
    ).reshape(-1, 3)
    strands = 1 + 0.04 * np.sin(around.ravel() * 7 + polar.ravel() * 3)
    points = points * radius * strands[:, None]
    normals = points / np.linalg.norm(points, axis=1, keepdims=True)
    u = 0.12 + 0.16 * ((around * 1.5 / np.pi + polar * 0.5) % 1.0)
    uv = np.stack([u, 0.35 + 0.3 * polar / np.pi], axis=-1).reshape(-1, 2)
    return Solid(
        (points + centre).astype(np.float32),
        normals.astype(np.float32),
        grid_triangles(rows, columns),
    ), uv.astype(np.float32)


def scalp_mask(style: str, scalp: Floats, corners: Floats) -> Floats:
    """How long fur grows at each corner (M,), 0..1; `corners` (M, 3) of the neutral mesh."""
    if style == "balding":
        return scalp * (1 - smoothstep(7.45, 7.75, corners[:, 1]))
    return scalp
