"""A tiny generated asset pack: a head of ellipsoids, with all names that a renderer asks for.

For tests, which must not need the real pack: pictures are ugly, but go through all of the code.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from foundry.portraits.pack import JOINTS, Floats, Indices
from foundry.portraits.primitives import grid_triangles, sphere
from foundry.portraits.traits import BROWS_OF_MEN, BROWS_OF_WOMEN, HEAD_SHAPES, IRIS

ROWS, COLUMNS = 17, 24
HEAD_CENTRE, HEAD_RADII = (0.0, 7.25, 0.35), (0.85, 1.2, 1.05)
TORSO_CENTRE, TORSO_RADII = (0.0, 4.2, 0.0), (2.4, 1.75, 0.8)
EYE = (0.31, 7.28, 1.2)
PLACES = {  # of joints
    "l-eye": EYE,
    "r-eye": (-EYE[0], *EYE[1:]),
    "l-shoulder": (1.68, 5.25, 0.15),
    "r-shoulder": (-1.68, 5.25, 0.15),
    "neck": (0.0, 5.89, 0.07),
    "head": (0.0, 6.97, 0.16),
    "head-2": (0.0, 8.40, 0.08),
    "mouth": (0.0, 6.88, 0.64),
}
MODIFIERS = (
    "chin/chin-height-decr",
    "chin/chin-height-incr",
    "mouth/mouth-lowerlip-volume-decr",
    "mouth/mouth-lowerlip-volume-incr",
    "mouth/mouth-upperlip-volume-decr",
    "mouth/mouth-upperlip-volume-incr",
    "nose/nose-point-down",
    "nose/nose-point-up",
    "eyes/l-eye-scale-decr",
    "eyes/l-eye-scale-incr",
    "eyes/r-eye-scale-decr",
    "eyes/r-eye-scale-incr",
    "ears/l-ear-lobe-incr",
    "ears/r-ear-lobe-incr",
    "ears/l-ear-wing-incr",
    "ears/r-ear-wing-incr",
)
UNEVEN = tuple(f"asym/asym-cheek-{number}-l" for number in range(8))
MOVED_BY = {  # where on the head a target's category moves it, and how far around
    "chin": ((0.0, 6.3, 1.0), 0.5),
    "mouth": ((0.0, 6.75, 1.3), 0.35),
    "nose": ((0.0, 7.0, 1.4), 0.3),
    "eyes": ((0.0, 7.28, 1.2), 0.5),
    "asym": ((0.6, 6.9, 0.9), 0.5),
    "head": (HEAD_CENTRE, 1.4),
    "expr": ((0.0, 6.8, 1.2), 0.6),
}
EARS = {"l": ((0.85, 7.1, 0.3), 0.35), "r": ((-0.85, 7.1, 0.3), 0.35)}
UNITS = ("mouth-corner-puller", "mouth-open", "eye-left-closure", "eye-right-closure")
HAIR = ("short01", "short02", "short03", "short04", "bob02", "long01", "ponytail01", "braid01")
CLOTHES = (
    "male_casualsuit01",
    "male_casualsuit04",
    "male_casualsuit05",
    "male_elegantsuit01",
    "male_worksuit01",
    "female_casualsuit01",
    "female_casualsuit02",
    "female_sportsuit01",
)
SKINS = (
    *(f"young_lightskinned_male{number}" for number in ("", "2", "3")),
    *(f"middleage_lightskinned_male{number}" for number in ("", "2")),
    *("young_lightskinned_female2", "young_lightskinned_female3"),
    *("middleage_lightskinned_female2", "old_lightskinned_male2", "young_darkskinned_male"),
    *("middleage_darkskinned_male", "old_darkskinned_male", "middleage_darkskinned_female"),
    "old_darkskinned_female",
)
TEXELS = 16


def write_tiny_pack(folder: Path) -> Path:
    """Writes a pack to `folder`, made if missing; returns it. Always the same bytes of content."""
    (folder / "tex").mkdir(parents=True, exist_ok=True)
    np.savez(folder / "mesh.npz", **_arrays())  # type: ignore[arg-type]  # arrays by their names
    _write_textures(folder / "tex")
    return folder


def _arrays() -> dict[str, np.ndarray]:
    body, uv, triangles = _body()
    joints = {name: _joint(PLACES[name]) for name in JOINTS}
    vertices = np.concatenate([body, *joints.values()])
    above_neck = np.clip((vertices[:, 1] - 5.7) / 0.6, 0, 1)
    arm = np.clip((np.abs(vertices[:, 0]) - 1.6) / 0.4, 0, 1) * (vertices[:, 1] < 5.6)
    arrays: dict[str, np.ndarray] = {
        "V": vertices,
        "body_v": np.arange(len(body), dtype=np.int32),
        "body_uv": uv,
        "body_t": triangles.astype(np.int32),
        "wh": above_neck.astype(np.float32),
        "wl": (arm * (vertices[:, 0] > 0)).astype(np.float32),
        "wr": (arm * (vertices[:, 0] < 0)).astype(np.float32),
        **_targets(vertices),
    }
    start = len(body)
    for name, points in joints.items():
        arrays[f"J/{name}"] = np.arange(start, start + len(points), dtype=np.int32)
        start += len(points)
    for name, (points, around) in _proxies().items():
        for field, array in _proxy(body, points, around).items():
            arrays[f"P/{name}/{field}"] = array
    return arrays


def _ball(centre: tuple[float, ...], radii: tuple[float, ...], rows: int, columns: int) -> Floats:
    unit = sphere(1.0, rows, columns).points
    return (unit * np.array(radii) + np.array(centre)).astype(np.float32)


def _ball_uv(rows: int, columns: int) -> Floats:
    v, u = np.meshgrid(np.linspace(1, 0, rows), np.linspace(0, 1, columns), indexing="ij")
    return np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32)


def _body() -> tuple[Floats, Floats, Indices]:
    head = _ball(HEAD_CENTRE, HEAD_RADII, ROWS, COLUMNS)
    torso = _ball(TORSO_CENTRE, TORSO_RADII, ROWS, COLUMNS)
    uv = _ball_uv(ROWS, COLUMNS)
    # The head has the upper half of the texture.
    uv = np.concatenate([uv * (1, 0.5) + (0, 0.5), uv * (1, 0.5)]).astype(np.float32)
    triangles = grid_triangles(ROWS, COLUMNS)
    both = np.concatenate([triangles, triangles + len(head)])
    return np.concatenate([head, torso]), uv, both[:, ::-1]


def _joint(centre: tuple[float, ...]) -> Floats:
    corners = np.stack(np.meshgrid(*[(-0.04, 0.04)] * 3), axis=-1).reshape(-1, 3)
    return (corners + np.array(centre)).astype(np.float32)


def _targets(vertices: Floats) -> dict[str, np.ndarray]:
    names = [*MODIFIERS, *UNEVEN, *(f"head/head-{shape}" for shape in HEAD_SHAPES)]
    names += [f"expr/caucasian/{unit}" for unit in UNITS]
    indices, deltas, ends = [], [], [0]
    for number, name in enumerate(names):
        category, base = name.split("/", 1)
        centre, reach = EARS[base[0]] if category == "ears" else MOVED_BY[category]
        distance = np.linalg.norm(vertices - np.array(centre), axis=1)
        moved = np.nonzero(distance < max(reach, distance.min() * 1.2))[0]
        direction = np.random.default_rng(number).normal(0, 0.04, 3)
        share = 1 - distance[moved] / (distance[moved].max() * 1.5)
        indices.append(moved)
        deltas.append(share[:, None] * direction)
        ends.append(ends[-1] + len(moved))
    return {
        "T_names": np.array(names),
        "T_off": np.array(ends, np.int32),
        "T_idx": np.concatenate(indices).astype(np.uint16),
        "T_d": np.concatenate(deltas).astype(np.float16),
    }


def _proxies() -> dict[str, tuple[Floats, int]]:
    """Name: points of a ball, and the number of its columns."""
    eyes = [_ball(centre, (0.15,) * 3, 9, 13) for centre in (PLACES["l-eye"], PLACES["r-eye"])]
    cap = _ball((0.0, 7.6, 0.15), (1.0, 1.05, 1.15), 9, 13)
    long = _ball((0.0, 6.6, -0.6), (1.05, 1.9, 0.8), 9, 13)
    shirt = _ball(TORSO_CENTRE, (2.55, 1.85, 0.95), 9, 13)
    proxies = {
        "eyes/high-poly": (np.concatenate(eyes), 13),
        "teeth/teeth_base": (_ball((0, 6.8, 0.9), (0.3, 0.1, 0.1), 5, 7), 7),
        "tongue/tongue01": (_ball((0, 6.7, 0.8), (0.2, 0.1, 0.1), 5, 7), 7),
    }
    for number in {*BROWS_OF_MEN, *BROWS_OF_WOMEN}:
        proxies[f"eyebrows/eyebrow{number:03d}"] = (_ball((0, 7.5, 1.3), (0.6, 0.06, 0.1), 5, 7), 7)
    for number in range(1, 5):
        place = _ball((0, 7.38, 1.32), (0.5, 0.03, 0.05), 5, 7)
        proxies[f"eyelashes/eyelashes{number:02d}"] = (place, 7)
    for name in HAIR:
        proxies[f"hair/{name}"] = (cap if name.startswith("short") else long, 13)
    for name in CLOTHES:
        proxies[f"clothes/{name}"] = (shirt, 13)
    return proxies


def _proxy(body: Floats, points: Floats, columns: int) -> dict[str, np.ndarray]:
    """Each vertex hangs on the three nearest of the body; all scale with the head."""
    distance = np.linalg.norm(points[:, None] - body[None], axis=2)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :3]
    weights = np.full((len(points), 3), 1 / 3, np.float32)
    anchors = body[nearest].mean(axis=1)
    balls = {13: 9, 7: 5}
    rows = balls[columns]
    count = len(points) // (rows * columns)
    triangles = grid_triangles(rows, columns)
    size = rows * columns
    low, high = body.argmin(axis=0), body.argmax(axis=0)
    span = [body[high[axis], axis] - body[low[axis], axis] for axis in range(3)]
    return {
        "refs": nearest.astype(np.int32),
        "w": weights,
        "off": (points - anchors).astype(np.float32),
        "sc": np.stack([low, high, span], axis=1).astype(np.float64),
        "v": np.arange(len(points), dtype=np.int32),
        "uv": np.tile(_ball_uv(rows, columns), (count, 1)).astype(np.float32),
        "t": np.concatenate([triangles + k * size for k in range(count)]).astype(np.int32),
        "del": np.nonzero(body[:, 1] < 4.5)[0].astype(np.int32),
    }


def _write_textures(folder: Path) -> None:
    rng = np.random.default_rng(0)

    def write(name: str, colour: tuple[int, int, int], alpha: bool) -> None:
        pixels = np.clip(colour + rng.integers(-25, 25, (TEXELS, TEXELS, 1)), 0, 255)
        if alpha:  # opaque on the left, fading to the right
            fade = np.linspace(400, 60, TEXELS).clip(0, 255)
            fade = np.broadcast_to(fade[None, :, None], (TEXELS, TEXELS, 1))
            pixels = np.concatenate([pixels, fade], axis=2)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{name}.png")

    for name in SKINS:
        write(f"skin_{name}", (190, 140, 120), alpha=False)
    for textures in IRIS.values():
        for name in textures:
            write(f"eye_{name}", (120, 120, 120), alpha=True)
    for number in {*BROWS_OF_MEN, *BROWS_OF_WOMEN}:
        write(f"eyebrow{number:03d}", (30, 20, 20), alpha=True)
    for number in range(1, 5):
        write(f"eyelashes{number:02d}", (10, 10, 10), alpha=True)
    for name in HAIR:
        write(f"hair_{name}", (120, 110, 100), alpha=True)
    for name in CLOTHES:
        write(f"cl_{name}", (150, 150, 150), alpha=False)
    write("cln_male_casualsuit01", (128, 128, 230), alpha=False)
    write("teeth", (230, 230, 220), alpha=False)
    write("tongue", (180, 90, 90), alpha=False)
    scalp = np.zeros((TEXELS, TEXELS, 3), np.uint8)
    scalp[: TEXELS // 4] = 255  # the crown of the head's half
    Image.fromarray(scalp).save(folder / "scalp.png")
