"""Places high up, and those that are mostly sky."""

import numpy as np

from foundry.portraits.backdrops.nature import clouds, sky
from foundry.portraits.backdrops.noise import GRID, clouded, ridge
from foundry.portraits.backdrops.scene import Scene, tint
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour

DUSKS: tuple[tuple[Colour, Colour, Colour], ...] = (  # overhead, above the horizon, at it
    ((66, 72, 130), (196, 110, 120), (255, 166, 84)),
    ((84, 60, 110), (214, 92, 84), (255, 190, 92)),
    ((98, 130, 180), (236, 170, 130), (255, 214, 140)),
    ((120, 52, 60), (226, 98, 44), (255, 186, 70)),
    ((54, 60, 104), (150, 90, 140), (250, 150, 130)),
)


def snowy_mountains(scene: Scene) -> None:
    rng = scene.rng
    overcast = rng.random() < 0.25
    sky(scene, 0.6, between(rng, 0.6, 0.9) if overcast else between(rng, -0.2, 0.4))
    count = int(rng.integers(2, 4))
    high = between(rng, 0.2, 0.34)
    for layer in range(count):
        near = (layer + 1) / count
        line = high + 0.42 * (near - 1 / count) + 0.075 * ridge(rng, int(rng.integers(3, 6)), 4)
        depth = scene.y - line
        streaks = clouded(rng, 5, 12, 3) + 0.8 * clouded(rng, 5, octaves=2)
        bare = np.clip((streaks - 0.75 + 2.2 * depth) * 1.6, 0, 1)
        snow = tint(242, 246, 252)
        slope = np.clip(np.gradient(line) * GRID * 0.5, -1, 1)
        lit = (0.93 + 0.1 * slope[None] * np.clip(1 - depth * 5, 0, 1))[..., None]
        rock = scene.shade((96, 106, 126), 0.1) * near + tint(150, 172, 204) * (1 - near)
        face = snow * lit * (1 - bare[..., None]) + rock * bare[..., None]
        haze = 0.35 * (1 - near)
        scene.paint(scene.below(line), face * (1 - haze) + tint(196, 214, 236) * haze)
    field = between(rng, 0.74, 0.88) + 0.02 * ridge(rng, 3, 1)
    if rng.random() < 0.55:
        _firs(scene, float(field.mean()))
    scene.paint(scene.below(field), scene.shade((236, 241, 248), 0.04))
    scene.blur = between(rng, 0.008, 0.016)


def _firs(scene: Scene, foot: float) -> None:
    green = scene.shade(((46, 66, 62), (58, 76, 84)))
    for x in scene.rng.uniform(-0.05, 1.05, 14):
        height = between(scene.rng, 0.1, 0.26)
        half = height * 0.24
        corners = ((x - half, foot + 0.03), (x + half, foot + 0.03), (x, foot - height))
        scene.shape(corners, green * between(scene.rng, 0.8, 1.2))


def sunset(scene: Scene) -> None:
    rng = scene.rng
    overhead, middle, low = (scene.shade(colour, 0.08) for colour in pick(rng, DUSKS))
    horizon = between(rng, 0.55, 0.76)
    bend = horizon * between(rng, 0.5, 0.75)
    scene.fade(overhead, middle, 0, bend)
    scene.fade(middle, low, bend, horizon)
    bars = np.clip((clouded(rng, 9, 3, 4) - between(rng, 0, 1.2)) * 0.8, 0, 0.65)
    lit = scene.y[..., None] * 0.7 * low + (1 - scene.y[..., None]) * 0.75 * middle
    scene.paint(bars * (scene.y < horizon), np.broadcast_to(lit, scene.pixels.shape))
    sun, height = between(rng, 0.05, 0.95), horizon - between(rng, 0.02, 0.2)
    scene.disc(sun, height, between(rng, 0.03, 0.06), (255, 246, 206))
    scene.glow(sun, height, 0.3, (70, 48, 16))
    scene.glow(sun, height, 0.12, (110, 90, 50))
    dark = scene.shade(((46, 34, 48), (36, 32, 46), (60, 40, 40)), 0.2)
    if rng.random() < 0.45:  # over water
        scene.fade(low * 0.62, overhead * 0.5, horizon, 1)
        scene.speckle(clouded(rng, 40, 5, 2), 0.12, horizon)
        wide = 0.03 + 0.25 * (scene.y - horizon)
        path = np.exp(-(((scene.x - sun) / wide) ** 2)) * (scene.y > horizon)
        scene.paint(0.75 * path, low)
        horizon -= 0.01
        line = horizon - 0.02 * np.clip(ridge(rng, 4), 0, 2)
        scene.paint(scene.below(line) * (scene.y < horizon + 0.01), dark)
    else:
        far = horizon + 0.025 * ridge(rng, 3, 2)
        scene.paint(scene.below(far), dark * 0.6 + middle * 0.3)
        scene.paint(scene.below(far + between(rng, 0.06, 0.12) + 0.02 * ridge(rng, 4, 3)), dark)
    scene.blur = between(rng, 0.008, 0.018)


def blue_sky(scene: Scene) -> None:
    rng = scene.rng
    overhead = scene.shade(((44, 108, 190), (64, 132, 208), (88, 152, 220), (30, 88, 170)), 0.1)
    low = scene.shade(((150, 196, 232), (176, 212, 238), (120, 176, 226)), 0.06)
    scene.fade(overhead, low, between(rng, -0.4, 0), between(rng, 0.9, 1.3))
    scene.pixels *= 1 + between(rng, -0.08, 0.08) * (scene.x - 0.5)[..., None]
    if rng.random() < 0.8:
        shadow = tint(206, 216, 230)
        field = clouded(rng, int(rng.integers(2, 5)), 2, octaves=5)
        field += between(rng, -0.6, 1.2) * (scene.y * 2 - 1)
        thick = np.clip((field - between(rng, 0.3, 1.4)) * between(rng, 0.7, 1.6), 0, 0.95)
        light = np.clip(0.5 + 0.4 * (thick - np.roll(thick, -8, 0)) + 0.3 * thick, 0, 1)
        body = shadow + light[..., None] * (tint(254, 254, 254) - shadow)
        scene.paint(thick, body)
    scene.blur = between(rng, 0.008, 0.02)


def sea_of_fog(scene: Scene) -> None:
    """Peaks that stand out of fog, seen from above it."""
    rng = scene.rng
    pale = scene.shade(((204, 212, 218), (216, 214, 208), (196, 206, 220), (222, 210, 204)), 0.04)
    scene.fade(scene.shade(((150, 172, 196), (168, 178, 188), (178, 188, 206))), pale, 0, 0.45)
    clouds(scene, 0.5, between(rng, 0.1, 0.6), (236, 236, 236))
    stone = scene.shade(((72, 82, 98), (84, 84, 90), (64, 78, 92), (88, 82, 86)), 0.12)
    layers = int(rng.integers(3, 6))
    start = between(rng, 0.3, 0.42)
    white = np.minimum(pale * 1.1, 244)
    for layer in range(layers):
        near = layer / (layers - 1)
        level = start + (0.92 - start) * near
        peaks = ridge(rng, int(rng.integers(3, 6)), 4)
        line = level - (0.03 + 0.055 * near) * (peaks + 0.5 - 0.3 * near)
        colour = stone * (0.3 + 0.65 * near) + pale * (0.62 - 0.57 * near)
        scene.paint(scene.below(line), colour)
        bank = level - 0.05 + 0.018 * clouded(rng, 3, 5, 3) * (1 + near)
        thick = np.clip((scene.y - bank) / (0.07 + 0.06 * near), 0, 1)
        wisps = 0.97 + 0.03 * clouded(rng, 12, 4, 3)
        scene.paint(thick, white * wisps[..., None])
    if rng.random() < 0.6:  # a crag close by
        edge, top = between(rng, 0.15, 0.5), between(rng, 0.4, 0.65)
        line = top + (scene.x[0] / edge) ** 2 * (1 - top) + 0.03 * ridge(rng, 7, 4)
        scene.paint(scene.below(line), stone * 0.75)
    scene.blur = between(rng, 0.008, 0.018)
