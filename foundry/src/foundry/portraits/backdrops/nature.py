"""Places out in the open: sky, water, plants, mountains."""

import numpy as np

from foundry.portraits.backdrops.noise import GRID, Plane, clouded, ridge
from foundry.portraits.backdrops.scene import Scene, Tint
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour

SKIES: tuple[tuple[Colour, Colour], ...] = (  # overhead, at the horizon
    ((82, 145, 212), (198, 224, 240)),
    ((110, 170, 225), (214, 230, 240)),
    ((150, 185, 215), (226, 232, 236)),
    ((188, 198, 208), (222, 226, 228)),
    ((130, 165, 210), (246, 222, 192)),
)

AUTUMNS: tuple[tuple[Colour, ...], ...] = (  # the shades of leaves, from dark to light
    ((70, 40, 24), (158, 66, 26), (208, 108, 34), (234, 166, 58), (250, 220, 150)),
    ((62, 34, 26), (132, 40, 30), (182, 62, 36), (222, 116, 56), (246, 200, 150)),
    ((74, 58, 28), (142, 104, 34), (206, 158, 44), (240, 202, 80), (252, 236, 170)),
    ((54, 50, 30), (108, 92, 44), (176, 110, 44), (222, 156, 70), (240, 224, 180)),
)


def sky(scene: Scene, horizon: float, cover: float) -> None:
    """A day's sky down to the horizon, with clouds over about a share `cover` of it."""
    overhead, low = pick(scene.rng, SKIES)
    scene.fade(scene.shade(overhead, 0.08), scene.shade(low, 0.05), 0, horizon)
    clouds(scene, horizon, cover, (250, 250, 250))


def clouds(scene: Scene, horizon: float, cover: float, colour: Colour) -> None:
    field = clouded(scene.rng, int(scene.rng.integers(3, 7)), 3, octaves=4)
    thick = np.clip((field - 1.3 + 2.4 * cover) * 0.7, 0, 0.9)
    scene.paint(thick * (scene.y < horizon), colour)


def beach(scene: Scene) -> None:
    rng = scene.rng
    horizon = between(rng, 0.32, 0.5)
    shore = horizon + between(rng, 0.12, 0.26) + between(rng, -0.25, 0.25) * (scene.x - 0.5)
    sky(scene, horizon, between(rng, 0, 0.55))
    deep = scene.shade(((30, 96, 148), (28, 118, 150), (60, 110, 140), (20, 130, 155)))
    shallow = scene.shade(((70, 175, 185), (90, 170, 190), (120, 180, 180)))
    scene.fade(deep, shallow, horizon, float(shore.mean()) + 0.06)
    scene.speckle(clouded(rng, 40, 6, 2), 0.07, horizon)
    if rng.random() < 0.4:  # a headland
        line = horizon - 0.11 * np.clip(scene.x[0] - between(rng, 0.3, 0.7), 0, 1) * (
            1.6 + 0.3 * ridge(rng, 6)
        )
        land = scene.below(line) * (scene.y < horizon) * (line < horizon - 0.004)
        scene.paint(land, scene.shade(((88, 108, 92), (110, 112, 118))))
    edge = shore + 0.012 * clouded(rng, 2, 8, 2)
    scene.paint(scene.below(edge - between(rng, 0.015, 0.05)), (240, 246, 246))
    sand = scene.shade(((226, 204, 162), (214, 190, 150), (236, 220, 190)), 0.08)
    scene.paint(scene.below(edge), sand * 0.8)
    scene.paint(scene.below(edge + between(rng, 0.03, 0.08)), sand)
    scene.speckle(clouded(rng, 14, 7), 0.03, float(shore.mean()) + 0.05)
    if rng.random() < 0.35:
        _palm(scene)
    scene.blur = between(rng, 0.007, 0.015)


def _palm(scene: Scene) -> None:
    rng = scene.rng
    foot, top, lean = between(rng, 0.0, 0.2), between(rng, 0.1, 0.25), between(rng, -0.05, 0.12)
    trunk = scene.shade((104, 84, 62))
    crown = foot + lean
    scene.shape(((foot, 0.9), (foot + 0.04, 0.9), (crown + 0.025, top), (crown, top)), trunk)
    for angle in rng.uniform(-3.6, 0.5, 9):
        reach = between(rng, 0.16, 0.28)
        x, y = crown + reach * np.cos(angle), top + 0.7 * reach * np.sin(angle)
        knee = ((crown + x) / 2, (top + y) / 2 - 0.05)
        tip = (x, y + 0.06)
        corners = ((crown, top), knee, tip, (knee[0], knee[1] + 0.035))
        scene.shape(corners, scene.shade((62, 104, 52), 0.3))


def park(scene: Scene) -> None:
    rng = scene.rng
    ground = between(rng, 0.56, 0.74)
    sky(scene, ground, between(rng, 0, 0.5))
    green = scene.shade(
        ((70, 112, 48), (112, 146, 52), (140, 160, 70), (48, 86, 50), (86, 132, 72))
    )
    far = between(rng, 0.25, 0.5) + 0.05 * ridge(rng, 5)
    scene.paint(scene.below(far), green * 0.62 + (26, 34, 34))
    leaves = clouded(rng, 7, octaves=4)
    scene.speckle(leaves, 0.13, 0.2)
    for _ in range(int(rng.integers(2, 5))):
        x, width = between(rng, -0.05, 1.05), between(rng, 0.015, 0.05)
        bark = scene.shade(((78, 62, 48), (60, 50, 44), (104, 92, 80)), 0.2)
        scene.box(x - width, between(rng, 0.0, 0.3), x + width, ground + 0.06 * width / 0.05, bark)
    near = between(rng, -0.1, 0.35) + 0.5 * np.abs(scene.x - between(rng, 0.2, 0.8))
    canopy = np.clip((0.35 + near - scene.y) * 9 + 1.3 * leaves - 0.8, 0, 1)
    leafage = green[None, None] * (0.85 + 0.28 * clouded(rng, 12, octaves=2))[..., None]
    scene.paint(canopy, leafage)
    lawn = scene.shade(((112, 154, 66), (134, 168, 82), (96, 138, 60)), 0.1)
    scene.fade(lawn * 1.1, lawn * 0.85, ground)
    if rng.random() < 0.4:  # a path
        foot = between(rng, -0.1, 0.8)
        far_end = between(rng, 0.3, 0.7)
        corners = ((far_end, ground), (far_end + 0.05, ground), (foot + 0.5, 1), (foot, 1))
        scene.shape(corners, scene.shade((196, 184, 162)))
    scene.speckle(clouded(rng, 16, 4, 2), 0.09, ground)
    for x, y, radius in rng.uniform((0, 0, 0.008), (1, 0.5, 0.024), (int(rng.integers(3, 22)), 3)):
        scene.disc(x, y, radius, (236, 244, 214), 0.5)
    scene.blur = between(rng, 0.011, 0.024)


def autumn_forest(scene: Scene) -> None:
    rng = scene.rng
    ground = between(rng, 0.62, 0.8)
    shades = np.array(pick(rng, AUTUMNS), np.float32) * between(rng, 0.85, 1.05)
    shift = between(rng, -0.8, 0.5)
    _foliage(scene, shades, clouded(rng, 8, octaves=4) + shift, 1)
    hole = np.clip((clouded(rng, 4, 6, 3) - 1.1) * 1.2, 0, 0.85) * (scene.y < 0.5)
    scene.paint(hole, (246, 238, 214))
    _trunks(scene, ground, 6, 0.012, (96, 72, 54))
    screen = np.clip((clouded(rng, 9, octaves=3) - 0.4) * 1.5, 0, 1) * (scene.y < ground - 0.1)
    scene.paint(screen, scene.shade(((224, 134, 42), (206, 92, 34))))
    litter = scene.shade(((172, 96, 42), (196, 124, 58), (140, 84, 48)))
    scene.fade(litter, litter * 0.8, ground)
    scene.speckle(clouded(rng, 24, 12, 2), 0.14, ground)
    _trunks(scene, ground + 0.12, int(rng.integers(2, 5)), 0.032, (58, 42, 34))
    scene.glow(between(rng, 0, 1), between(rng, 0, 0.3), 0.4, (60, 44, 14))
    scene.blur = between(rng, 0.011, 0.022)


def _foliage(scene: Scene, shades: Tint, field: Plane, contrast: float) -> None:
    """Fill the picture from a row of colours, dark to light, by a noise field."""
    place = np.clip((field * contrast + 2) / 4, 0, 0.999) * (len(shades) - 1)
    lower = place.astype(int)
    share = (place - lower)[..., None]
    scene.pixels[:] = shades[lower] * (1 - share) + shades[lower + 1] * share


def _trunks(scene: Scene, foot: float, count: int, width: float, bark: Colour) -> None:
    for x in scene.rng.uniform(-0.05, 1.05, count):
        half = width * between(scene.rng, 0.6, 1.4)
        lean = between(scene.rng, -0.05, 0.05)
        corners = ((x - half, foot), (x + half, foot), (x + lean + half * 0.8, 0), (x + lean, 0))
        scene.shape(corners, scene.shade(bark, 0.25))


def flower_garden(scene: Scene) -> None:
    rng = scene.rng
    far = between(rng, 0.0, 0.32)
    sky(scene, far + 0.1, 0.3)
    green = scene.shade(((66, 112, 52), (92, 138, 64), (52, 96, 58), (112, 150, 72)))
    hedge = scene.below(far + 0.025 * clouded(rng, 3, 8))
    tones = green[None, None] * (0.85 + 0.26 * clouded(rng, 8, octaves=4))[..., None]
    scene.paint(hedge, tones)
    blooms: tuple[Colour, ...] = (
        (222, 64, 84),
        (244, 204, 70),
        (236, 138, 190),
        (248, 246, 242),
        (150, 96, 204),
        (244, 140, 60),
        (120, 130, 220),
    )
    kinds = [scene.shade(blooms, 0.08) for _ in range(int(rng.integers(2, 5)))]
    count = int(rng.integers(90, 170))
    depth = np.sort(rng.beta(1.1, 1.0, count))
    drift = clouded(rng, 4, octaves=2)
    for near, x, grow, chance in zip(depth, *rng.uniform(0, 1, (3, count)), strict=True):
        y = far + 0.07 + (1.02 - far) * near
        patch = drift[min(int(y * GRID), GRID - 1), int(x * GRID)] + 0.5 * (chance - 0.5)
        kind = kinds[int(np.clip((patch + 1.6) / 3.2, 0, 0.99) * len(kinds))]
        scene.disc(x, y, (0.012 + 0.03 * near) * (0.6 + 0.8 * grow), kind * (0.8 + 0.25 * chance))
    scene.blur = between(rng, 0.008, 0.018)


def desert(scene: Scene) -> None:
    rng = scene.rng
    horizon = between(rng, 0.34, 0.52)
    sky(scene, horizon + 0.1, between(rng, -0.3, 0.2))
    sand = scene.shade(((214, 158, 98), (226, 180, 124), (198, 128, 78), (208, 150, 108)), 0.08)
    if rng.random() < 0.4:  # mesas
        height = 0.13 * np.clip(ridge(rng, 4, 2) * 3, 0, 1) + 0.012 * ridge(rng, 20)
        scene.paint(scene.below(horizon - height), scene.shade((166, 100, 74)) * 0.9)
        scene.speckle(clouded(rng, 24, 2, 2), 0.06, horizon - 0.15)
    layers = int(rng.integers(3, 6))
    for layer in range(layers):
        near = layer / (layers - 1)
        line = horizon + 0.4 * near**1.3 + (0.02 + 0.05 * near) * _dune(scene)
        depth = np.maximum(scene.y - line, 0)
        steep = np.clip(np.gradient(line) * GRID * 3.2, -0.4, 1)  # the lee is in shade
        bend = depth * between(rng, -1.8, 1.8) + 0.03 * np.sin(depth * between(rng, 10, 25))
        column = np.clip((scene.x + bend) * GRID, 0, GRID - 1).astype(int)
        soft = np.clip(1 - depth / (0.12 + 0.2 * near), 0, 1)
        light = 1.04 - 0.26 * steep[column] * soft - 0.08 * near
        scene.paint(scene.below(line), sand * light[..., None])
    scene.speckle(clouded(rng, 36, 6, 2), 0.025, horizon)
    scene.blur = between(rng, 0.006, 0.014)


def _dune(scene: Scene) -> Plane:
    """Long crests that rise slowly and fall off fast."""
    turn = scene.x[0] * between(scene.rng, 0.7, 1.8) + between(scene.rng, 0, 1)
    saw = np.abs((turn % 1) - 0.7) / np.where((turn % 1) < 0.7, 0.7, 0.3)
    return saw * 2 - 1
