"""Rooms of a home."""

import numpy as np

from foundry.portraits.backdrops.indoors import BINDINGS, plant
from foundry.portraits.backdrops.scene import Scene
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour


def living_room(scene: Scene) -> None:
    rng = scene.rng
    wall = scene.shade(
        ((208, 198, 182), (184, 194, 188), (220, 210, 200), (152, 166, 176), (196, 170, 150)), 0.08
    )
    scene.fade(wall * 1.04, wall * 0.86)
    aside = between(rng, 0.0, 0.15)
    if rng.random() < 0.6:
        _window(scene, aside)
    else:
        _bookcase(scene, aside)
    left = between(rng, 0.42, 0.62)
    for x in (left, left + between(rng, 0.22, 0.3)):  # pictures on the wall
        wide, top = between(rng, 0.12, 0.2), between(rng, 0.1, 0.2)
        bottom = top + wide * between(rng, 0.9, 1.4)
        scene.box(x, top, x + wide, bottom, scene.shade(((60, 50, 44), (190, 160, 110))))
        scene.box(x + 0.015, top + 0.015, x + wide - 0.015, bottom - 0.015, (236, 232, 224))
        motif = rng.uniform(60, 220, 3).astype(np.float32)
        scene.box(x + 0.035, top + 0.035, x + wide - 0.035, bottom - 0.035, motif)
    floor = 0.92
    scene.box(0, floor, 1, 1, scene.shade(((150, 112, 78), (110, 84, 62))))
    sofa = scene.shade(
        (
            (96, 106, 120),
            (150, 132, 112),
            (70, 96, 92),
            (160, 84, 62),
            (188, 178, 164),
            (66, 78, 116),
        )
    )
    back, start, end = between(rng, 0.6, 0.7), between(rng, -0.1, 0.12), between(rng, 0.85, 1.1)
    scene.box(start, back, end, floor + 0.04, sofa * 0.85)
    for x in np.linspace(start + 0.03, end - 0.03, 4)[:-1]:
        third = (end - start - 0.06) / 3
        scene.box(x, back + 0.02, x + third - 0.012, back + 0.2, sofa)
    for _ in range(int(rng.integers(1, 4))):
        x = between(rng, start, end - 0.12)
        cushion = scene.shade(((220, 170, 80), (200, 90, 70), (230, 224, 212), (70, 110, 120)))
        scene.box(x, back + 0.03, x + 0.13, back + 0.15, cushion)
    lamp, shade = pick(rng, (0.1, 0.5, 0.93)) + between(rng, -0.04, 0.04), between(rng, 0.32, 0.42)
    scene.box(lamp - 0.007, shade, lamp + 0.007, floor, (70, 62, 56))
    scene.glow(lamp, shade + 0.04, 0.2, (60, 42, 14))
    corners = ((lamp - 0.055, shade), (lamp + 0.055, shade), (lamp + 0.085, shade + 0.13))
    scene.shape((*corners, (lamp - 0.085, shade + 0.13)), (255, 232, 178))
    if rng.random() < 0.6:
        plant(scene, between(rng, 0.8, 0.95), floor, between(rng, 0.25, 0.4))
    scene.blur = between(rng, 0.009, 0.02)


def _window(scene: Scene, left: float) -> None:
    """A window between curtains."""
    rng = scene.rng
    right = left + between(rng, 0.26, 0.36)
    scene.box(left, 0.06, right, 0.58, (240, 240, 236))
    view = scene.shade(((214, 230, 240), (190, 214, 200), (236, 236, 226)), 0.05)
    scene.box(left + 0.015, 0.075, right - 0.015, 0.565, view)
    middle = (left + right) / 2
    scene.box(middle - 0.008, 0.06, middle + 0.008, 0.58, (240, 240, 236))
    curtain = scene.shade(((220, 210, 196), (150, 160, 150), (180, 120, 90), (120, 130, 150)))
    for x in (left - 0.09, right - 0.03):
        for fold in range(6):
            tone = curtain * (1.05 - 0.22 * (fold % 2))
            scene.box(x + fold * 0.02, 0.03, x + (fold + 1) * 0.02, 0.74, tone)


def _bookcase(scene: Scene, left: float) -> None:
    rng = scene.rng
    right, wood = left + between(rng, 0.26, 0.34), scene.shade(((222, 218, 210), (126, 90, 60)))
    scene.box(left, 0.08, right, 0.9, wood)
    for top in np.arange(0.1, 0.8, 0.16):
        scene.box(left + 0.015, top, right - 0.015, top + 0.14, wood * 0.6)
        x = left + 0.02
        while x < right - 0.07:
            wide = between(rng, 0.02, 0.035)
            book = scene.shade(BINDINGS, 0.2)
            scene.box(x, top + between(rng, 0.02, 0.06), x + wide - 0.004, top + 0.14, book)
            x += wide if rng.random() < 0.85 else 0.09


def kitchen(scene: Scene) -> None:
    rng = scene.rng
    wall = scene.shade(((232, 232, 228), (216, 222, 220), (232, 222, 204)), 0.05)
    scene.fade(wall, wall * 0.92)
    fronts: tuple[Colour, ...] = (
        (240, 240, 238),
        (176, 132, 92),
        (96, 118, 128),
        (120, 138, 116),
        (66, 72, 80),
        (214, 200, 176),
    )
    front = scene.shade(fronts, 0.06)
    hang, worktop = between(rng, 0.3, 0.38), between(rng, 0.64, 0.72)
    _tiles(scene, hang, worktop)
    gap, wide = between(rng, 0.3, 0.5), between(rng, 0.17, 0.24)
    for x in np.arange(between(rng, -0.15, 0), 1, wide):  # cupboards
        if abs(x + wide / 2 - gap) < 0.13:
            continue
        scene.box(x, 0.03, x + wide - 0.01, hang, front)
        scene.box(x + 0.025, 0.055, x + wide - 0.035, hang - 0.025, front * 0.93)
        scene.box(x + wide - 0.03, hang - 0.09, x + wide - 0.022, hang - 0.03, (90, 90, 92))
    steel = scene.shade((176, 180, 184), 0.08)
    if rng.random() < 0.55:  # the hood over the stove
        scene.box(gap - 0.05, 0, gap + 0.05, hang - 0.06, steel)
        corners = ((gap - 0.05, hang - 0.1), (gap + 0.05, hang - 0.1), (gap + 0.14, hang + 0.03))
        scene.shape((*corners, (gap - 0.14, hang + 0.03)), steel * 0.9)
    else:
        scene.box(gap - 0.13, 0.05, gap + 0.13, hang + 0.16, (250, 250, 248))
        outside = scene.shade(((200, 226, 242), (190, 216, 180)), 0.05)
        scene.box(gap - 0.115, 0.065, gap + 0.115, hang + 0.145, outside)
        scene.box(gap - 0.006, 0.05, gap + 0.006, hang + 0.16, (250, 250, 248))
    scene.box(0, worktop + 0.03, 1, 1, front * 0.95)
    for x in np.arange(between(rng, 0.0, 0.2), 1, 0.24):
        scene.box(x, worktop + 0.03, x + 0.008, 1, front * 0.6)
    stone = scene.shade(((88, 84, 82), (190, 156, 116), (226, 222, 216)))
    scene.box(0, worktop, 1, worktop + 0.035, stone)
    oven = pick(rng, (0.02, 0.74)) + between(rng, -0.02, 0.02)
    scene.box(oven, worktop + 0.05, oven + 0.22, 1, (40, 40, 44))
    _things(scene, worktop)
    scene.blur = between(rng, 0.008, 0.017)


def _tiles(scene: Scene, top: float, bottom: float) -> None:
    """Small tiles between the cupboards and the worktop."""
    tile = scene.shade(((238, 238, 234), (176, 204, 206), (214, 190, 160), (150, 174, 160)), 0.06)
    scene.box(0, top, 1, bottom, tile * 0.82)
    high, wide = 0.045, between(scene.rng, 0.05, 0.1)
    rows, columns = int((bottom - top) / high) + 1, int(1 / wide) + 2
    tones = scene.rng.normal(1, 0.03, (rows, columns))
    for row in range(rows):
        y = top + row * high
        for column in range(columns):
            x = (column - 0.5 * (row % 2)) * wide
            face = tile * tones[row, column]
            scene.box(x, y, x + wide - 0.008, min(y + high - 0.008, bottom), face)


def _things(scene: Scene, worktop: float) -> None:
    """Jars, bottles, fruit and pots along the back of the worktop."""
    rng = scene.rng
    for x in np.arange(between(rng, 0.02, 0.08), 0.98, between(rng, 0.09, 0.15)):
        if rng.random() < 0.35:
            continue
        tall, wide = between(rng, 0.05, 0.15), between(rng, 0.03, 0.07)
        kinds = ((190, 60, 50), (230, 190, 80), (90, 130, 70), (226, 222, 214), (60, 62, 66))
        scene.box(x, worktop - tall, x + wide, worktop, scene.shade(kinds))
    x = between(rng, 0.1, 0.85)
    for dx, fruit in ((0.0, (236, 150, 50)), (0.04, (206, 60, 50)), (0.08, (170, 190, 70))):
        scene.disc(x + dx, worktop - 0.03, 0.028, scene.shade(fruit))
