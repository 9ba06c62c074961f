"""Places in a town: streets and walls."""

import numpy as np

from foundry.portraits.backdrops.noise import clouded, enlarge
from foundry.portraits.backdrops.scene import Scene, Tint, tint
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour

LAMPS: tuple[Colour, ...] = (
    (255, 194, 96),
    (255, 170, 70),
    (255, 120, 66),
    (255, 236, 206),
    (120, 170, 255),
    (255, 72, 110),
    (90, 230, 196),
    (255, 60, 50),
)
HOUSES: tuple[Colour, ...] = (
    (158, 130, 108),
    (124, 130, 140),
    (184, 170, 148),
    (100, 96, 98),
    (150, 96, 80),
    (206, 192, 168),
    (112, 122, 118),
)


def city_at_night(scene: Scene) -> None:
    rng = scene.rng
    scene.fade(
        scene.shade(((14, 18, 38), (10, 14, 26), (26, 22, 44)), 0.2),
        scene.shade(((44, 32, 46), (40, 36, 40), (30, 36, 58)), 0.2),
    )
    left = -0.05
    while left < 1:  # towers with lit windows
        width, top = between(rng, 0.1, 0.26), between(rng, 0.05, 0.55)
        scene.box(left, top, left + width, 0.9, scene.shade((26, 26, 38), 0.4))
        lit = scene.shade(((230, 180, 100), (170, 190, 220), (240, 210, 150)), 0.2)
        _windows(scene, (left, top, left + width, 0.85), 0.035, lit, between(rng, 0.1, 0.45))
        left += width + between(rng, 0, 0.06)
    scene.glow(between(rng, 0, 1), between(rng, 0.7, 1), 0.45, scene.shade((60, 40, 24), 0.4))
    biggest = between(rng, 0.028, 0.06)
    kinds = [scene.shade(LAMPS, 0.1) for _ in range(int(rng.integers(3, 7)))]
    count = int(rng.integers(26, 62))
    heights = 0.04 + 0.94 * rng.beta(2.4, 1.8, count)
    for x, y, grow, bright in zip(
        rng.uniform(-0.02, 1.02, count), heights, *rng.uniform(0.35, 1, (2, count)), strict=True
    ):
        colour = pick(rng, kinds)
        scene.disc(x, y, biggest * grow, colour, 0.85 * bright)
        scene.disc(x, y, biggest * grow * 0.85, colour * 0.85, 0.3 * bright)
    scene.blur = between(rng, 0.005, 0.011)


def _windows(
    scene: Scene, wall: tuple[float, float, float, float], step: float, colour: Tint, share: float
) -> None:
    """Windows in rows on a wall (its left, top, right, bottom); only a share of them is drawn."""
    left, top, right, bottom = wall
    columns, rows = int((right - left) / step), int((bottom - top) / (step * 1.4))
    shown = scene.rng.random((max(rows, 1), max(columns, 1))) < share
    bright = scene.rng.uniform(0.6, 1.1, shown.shape)
    for row, column in np.argwhere(shown):
        x, y = left + (column + 0.25) * step, top + (row + 0.3) * step * 1.4
        tone = colour * bright[row, column]
        scene.box(x, y, min(x + step * 0.55, right), y + step * 0.8, tone)


def city_street(scene: Scene) -> None:
    """Rows of houses on both sides, lower and closer together towards the far end."""
    rng = scene.rng
    scene.fade(
        scene.shade(((172, 198, 226), (206, 214, 222), (140, 182, 224)), 0.06),
        scene.shade((226, 230, 230), 0.04),
        0,
        0.6,
    )
    vanish = between(rng, 0.3, 0.7)
    ground = between(rng, 0.7, 0.82)
    depth = 0.85
    while depth > 0.05:  # from the far end to the camera
        for side in (-1, 1):
            outer = vanish + side * (1.15 - depth) * 0.85
            _house(scene, outer, side, depth, ground)
        depth -= between(rng, 0.16, 0.26)
    scene.fade(scene.shade((128, 128, 130)), scene.shade((104, 104, 108)), ground)
    scene.shape(
        ((vanish - 0.02, ground), (vanish + 0.02, ground), (1.2, 1.05), (-0.2, 1.05)),
        scene.shade(((92, 92, 96), (112, 110, 108))),
    )
    for _ in range(int(rng.integers(1, 5))):  # cars
        x, size = between(rng, 0.0, 0.9), between(rng, 0.07, 0.15)
        body = scene.shade(((170, 40, 40), (230, 230, 230), (40, 44, 52), (60, 90, 140)))
        scene.box(x, ground - size * 0.28, x + size, ground + size * 0.2, body)
        roof = ground - size * 0.55
        scene.box(x + size * 0.2, roof, x + size * 0.8, ground - size * 0.28, body * 0.5)
        scene.disc(x + size * 0.1, ground, 0.008, (255, 240, 200))
    if rng.random() < 0.4:  # a street tree
        x, y = between(rng, 0.0, 1.0), between(rng, 0.25, 0.4)
        scene.box(x - 0.012, y, x + 0.012, ground + 0.03, (70, 58, 48))
        for dx, dy, radius in rng.uniform((-0.11, -0.12, 0.02), (0.11, 0.1, 0.06), (24, 3)):
            scene.disc(x + dx, y + dy, radius, scene.shade((84, 116, 62), 0.25))
    scene.blur = between(rng, 0.009, 0.02)


def _house(scene: Scene, outer: float, side: int, depth: float, ground: float) -> None:
    rng = scene.rng
    close = 1.1 - depth
    inner = outer - side * 0.36 * close - side * 0.06
    left, right = min(inner, outer + side * 0.06), max(inner, outer + side * 0.06)
    top = ground - between(rng, 0.45, 0.95) * close - 0.12
    wall = scene.shade(HOUSES, 0.14) * (0.75 + 0.25 * close)
    wall = wall * (1 - 0.3 * depth) + tint(210, 216, 222) * 0.3 * depth
    scene.box(left, top, right, ground + 0.03 * close, wall)
    scene.box(left, top, right, top + 0.015, wall * 0.75)
    step = 0.045 + 0.055 * close
    floor = ground - 0.13 * close
    _windows(scene, (left, top + 0.03, right, floor), step, wall * 0.5, 0.85)
    shop = scene.shade(((176, 60, 52), (58, 104, 84), (226, 176, 80), (60, 80, 120), (90, 70, 60)))
    scene.box(left, floor, right, floor + 0.03 * close, shop)
    scene.box(left + 0.01, floor + 0.035 * close, right - 0.01, ground, (84, 78, 72))
    if rng.random() < 0.6:
        scene.box(left + 0.03, floor + 0.045 * close, right - 0.03, ground - 0.02, (236, 212, 160))


def brick_wall(scene: Scene) -> None:
    rng = scene.rng
    brick = scene.shade(
        ((152, 82, 64), (170, 98, 76), (122, 72, 60), (206, 198, 188), (138, 64, 50)), 0.1
    )
    mortar = np.array(pick(rng, ((196, 188, 178), (150, 140, 132), (96, 84, 78))), np.float32)
    scene.pixels[:] = mortar * 0.6 + brick * 0.3
    high = between(rng, 0.048, 0.085)
    wide, gap = high * between(rng, 2.2, 3.0), max(high * 0.13, 0.0075)
    shift = between(rng, 0, 1)
    rows, columns = int(1 / high) + 2, int(1 / wide) + 3
    tones = rng.normal(1, between(rng, 0.06, 0.14), (rows, columns, 1)) * (
        1 + rng.normal(0, 0.013, (rows, columns, 3))
    )
    for row in range(rows):
        for column in range(columns):
            x = (column - 1 - shift + 0.5 * (row % 2)) * wide
            y = (row - shift) * high
            tone = brick * tones[row, column]
            scene.box(x, y, x + wide - gap, y + high - gap, tone)
    scene.speckle(clouded(rng, 6, octaves=4), 0.05)
    scene.pixels *= 1 + between(rng, -0.45, 0.45) * (scene.x - 0.5)[..., None]
    scene.blur = between(rng, 0.0045, 0.009)


def wooden_wall(scene: Scene) -> None:
    """Boards, upright or lying, each with its own tone and grain."""
    rng = scene.rng
    wood = scene.shade(
        ((146, 100, 62), (180, 136, 92), (100, 68, 46), (196, 160, 120), (138, 122, 106)), 0.1
    )
    count = int(rng.integers(5, 13))
    edges = np.cumsum(rng.uniform(0.8, 1.2, count))
    edges = edges / edges[-1] + between(rng, -0.05, 0.0)
    board = np.searchsorted(edges, scene.x[0]) % count
    gap = np.abs(scene.x - edges[:, None]).min(0) < between(rng, 0.004, 0.008)
    tone = rng.normal(1, between(rng, 0.05, 0.13), count)[board]
    grain = 0.05 * clouded(rng, 2, 48, 2) + 0.05 * clouded(rng, 4, 24, 2)
    knots = 0.04 * enlarge(rng.random((8, count), np.float32) - 0.5, *grain.shape)
    light = tone[None] + grain + knots
    scene.pixels[:] = wood * (light * np.where(gap, 0.45, 1)[None])[..., None]
    for _ in range(int(rng.integers(0, 7))):
        x, y = between(rng, 0, 1), between(rng, 0, 1)
        scene.disc(x, y, between(rng, 0.008, 0.018), wood * 0.55, 0.7, flat=1.6)
    if rng.random() < 0.4:
        scene.pixels[:] = scene.pixels.swapaxes(0, 1).copy()
    scene.pixels *= 1 + between(rng, -0.35, 0.35) * (scene.x - 0.5)[..., None]
    scene.blur = between(rng, 0.0045, 0.009)
