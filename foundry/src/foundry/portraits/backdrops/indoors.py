"""Public places with a roof: where people work, read, drink, train and play."""

import numpy as np

from foundry.portraits.backdrops.noise import clouded
from foundry.portraits.backdrops.scene import Scene, Tint
from foundry.portraits.draw import between, pick
from foundry.portraits.palette import Colour

BINDINGS: tuple[Colour, ...] = (
    (124, 42, 36),
    (46, 72, 104),
    (184, 154, 108),
    (62, 88, 62),
    (98, 64, 42),
    (206, 196, 174),
    (36, 36, 46),
    (156, 104, 54),
    (150, 66, 60),
)


def office(scene: Scene) -> None:
    rng = scene.rng
    wall = scene.shade(((224, 226, 226), (206, 210, 214), (230, 226, 218), (188, 198, 208)), 0.05)
    scene.fade(wall, wall * 0.82)
    ceiling = between(rng, 0.06, 0.16)
    scene.box(0, 0, 1, ceiling, wall * 0.92)
    slant = between(rng, -0.3, 0.3)
    for x in np.arange(-0.2, 1.2, between(rng, 0.3, 0.45)):  # strip lights
        corners = ((x, 0), (x + 0.16, 0), (x + 0.12 + slant * 0.2, ceiling * 0.8))
        scene.shape((*corners, (x + 0.02 + slant * 0.2, ceiling * 0.8)), (254, 254, 250))
    sill = between(rng, 0.52, 0.62)
    step, left = between(rng, 0.2, 0.34), between(rng, -0.2, 0.1)
    outside = scene.shade(((206, 228, 246), (188, 214, 232), (232, 240, 244)), 0.05)
    blinds = rng.random() < 0.45
    frame = scene.shade(((96, 102, 110), (150, 154, 158), (60, 64, 70)), 0.1)
    first = int(rng.integers(0, 2))
    for pane in range(first, 6):
        x = left + pane * step
        scene.box(x, ceiling + 0.04, x + step - 0.014, sill, outside)
        scene.box(x, sill - between(rng, 0.06, 0.2), x + step - 0.014, sill, outside * 0.84)
        scene.box(x - 0.014, ceiling + 0.04, x, sill, frame)
        if blinds:
            for y in np.arange(ceiling + 0.05, sill - between(rng, 0, 0.2), 0.034):
                scene.box(x, y, x + step - 0.014, y + 0.014, wall * 0.8)
    desk = between(rng, 0.72, 0.8)
    scene.box(0, desk, 1, 1, scene.shade(((172, 140, 106), (120, 118, 116), (206, 200, 190))))
    for x in (between(rng, -0.03, 0.1), between(rng, 0.66, 0.82), between(rng, 0.36, 0.5)):
        wide = between(rng, 0.18, 0.26)
        top = desk - wide * 0.72
        scene.box(x + wide * 0.45, desk - 0.06, x + wide * 0.55, desk, (60, 62, 66))
        scene.box(x, top, x + wide, desk - 0.04, (34, 36, 42))
        screen = scene.shade(((50, 70, 110), (90, 120, 160), (44, 48, 58)), 0.2)
        scene.box(x + 0.012, top + 0.012, x + wide - 0.012, desk - 0.055, screen)
    if rng.random() < 0.5:
        plant(scene, between(rng, 0.05, 0.3), desk, 0.16)
    scene.blur = between(rng, 0.008, 0.018)


def plant(scene: Scene, x: float, foot: float, height: float) -> None:
    """A leafy pot plant standing at that spot."""
    rng = scene.rng
    scene.box(
        x - 0.035, foot - 0.06, x + 0.035, foot, scene.shade(((176, 110, 80), (220, 220, 216)))
    )
    leaf = scene.shade(((60, 108, 60), (74, 120, 56), (48, 92, 66)))
    for dx, dy in rng.uniform((-0.5, -1), (0.5, 0.1), (12, 2)):
        spot = (x + dx * height * 0.9, foot - 0.06 + (dy - 0.15) * height)
        scene.disc(*spot, height * 0.2, leaf * between(rng, 0.7, 1.25), flat=1.3)


def library(scene: Scene) -> None:
    rng = scene.rng
    wood = scene.shade(((86, 58, 38), (60, 42, 30), (122, 86, 56), (150, 116, 82)))
    scene.pixels[:] = wood * 0.45
    rows = int(rng.integers(4, 8))
    high, shelf = 1 / (rows - 0.4), between(rng, 0.016, 0.028)
    start = -between(rng, 0, high)
    posts = np.arange(between(rng, -0.3, 0.2), 1.2, between(rng, 0.38, 0.7))
    thin = between(rng, 0.016, 0.026)
    for row in range(rows + 1):
        top, left = start + row * high, -0.02
        while left < 1:
            run = int(rng.integers(3, 10))  # a series shares its binding
            binding, tall = scene.shade(BINDINGS, 0.2), between(rng, 0.1, 0.38)
            for wide, tone in rng.uniform((thin, 0.75), (thin * 2.2, 1.2), (run, 2)):
                scene.box(left, top + high * tall, left + wide - 0.004, top + high, binding * tone)
                left += wide
            left += between(rng, 0.02, 0.08) if rng.random() < 0.15 else 0
        scene.box(0, top + high - shelf / 2, 1, top + high + shelf / 2, wood * 1.1)
    for x in posts:
        scene.box(x, 0, x + 0.03, 1, wood)
    scene.glow(between(rng, 0, 1), between(rng, 0, 0.5), 0.5, scene.shade((40, 30, 16), 0.4))
    scene.pixels *= (1.05 - 0.25 * scene.y)[..., None]
    scene.blur = between(rng, 0.006, 0.014)


def cafe(scene: Scene) -> None:
    rng = scene.rng
    wall = scene.shade(
        ((112, 78, 56), (86, 66, 54), (132, 98, 72), (76, 82, 78), (98, 60, 50), (186, 160, 130))
    )
    scene.fade(wall, wall * 0.7)
    left = between(rng, 0.0, 0.3)
    board = left + between(rng, 0.3, 0.45)
    if rng.random() < 0.3:  # a window with the street behind
        scene.box(left - 0.014, 0.06, board + 0.014, 0.56, wall * 0.4)
        scene.box(left, 0.075, board, 0.545, scene.shade(((196, 204, 206), (226, 214, 186)), 0.1))
        scene.box(left, 0.36, board, 0.545, scene.shade(((130, 128, 122), (150, 150, 156))))
        scene.box((left + board) / 2 - 0.008, 0.06, (left + board) / 2 + 0.008, 0.56, wall * 0.4)
    else:  # the menu on a blackboard
        scene.box(left - 0.012, 0.1, board + 0.012, 0.45, (120, 88, 58))
        scene.box(left, 0.112, board, 0.438, scene.shade(((44, 48, 48), (40, 52, 48))))
        for y in np.arange(0.15, 0.41, 0.042):
            scene.box(left + 0.03, y, board - between(rng, 0.08, 0.25), y + 0.011, (176, 176, 168))
    for y in (between(rng, 0.2, 0.26), between(rng, 0.4, 0.46)):  # shelves of bottles and cups
        scene.box(board + 0.08, y, 1, y + 0.018, (152, 108, 68))
        for x in np.arange(board + 0.1, 1, 0.05):
            tall = between(rng, 0.04, 0.11)
            glass = scene.shade(((214, 206, 192), (86, 60, 40), (70, 96, 74), (190, 120, 60)), 0.2)
            scene.box(x, y - tall, x + 0.03, y, glass)
    counter = between(rng, 0.64, 0.74)
    scene.box(0, counter, 1, 1, scene.shade(((92, 62, 42), (70, 52, 42), (120, 84, 56))))
    scene.box(0, counter, 1, counter + 0.03, scene.shade((176, 132, 88)))
    machine = between(rng, 0.0, 0.75)
    scene.box(machine, counter - 0.13, machine + 0.2, counter, (150, 150, 150))
    scene.box(machine + 0.02, counter - 0.08, machine + 0.18, counter, (60, 58, 58))
    count = int(rng.integers(3, 6))
    drop, size = between(rng, 0.1, 0.3), between(rng, 0.03, 0.05)
    for lamp in range(count):  # in a row over the counter
        x, y = (lamp + between(rng, 0.3, 0.7)) / count, drop + between(rng, -0.03, 0.03)
        scene.box(x - 0.005, 0, x + 0.005, y, (36, 30, 28))
        scene.glow(x, y, 0.13, (84, 54, 20))
        scene.disc(x, y, size, (255, 222, 150))
    scene.blur = between(rng, 0.01, 0.02)


def gym(scene: Scene) -> None:
    rng = scene.rng
    wall = scene.shade(((70, 74, 80), (104, 108, 114), (48, 50, 56), (150, 154, 158)))
    accent = scene.shade(((206, 46, 40), (236, 196, 40), (40, 110, 190), (90, 180, 70)))
    scene.fade(wall, wall * 0.8)
    scene.box(0, 0, 1, 0.12, wall * 0.55)
    for x in np.arange(between(rng, -0.2, 0), 1.1, between(rng, 0.28, 0.4)):  # tube lights
        scene.shape(
            ((x, 0.02), (x + 0.2, 0.02), (x + 0.18, 0.06), (x + 0.02, 0.06)), (250, 252, 255)
        )
    stripe = between(rng, 0.16, 0.3)
    scene.box(0, stripe, 1, stripe + between(rng, 0.03, 0.08), accent)
    floor = between(rng, 0.76, 0.84)
    if rng.random() < 0.45:  # mirrors
        for x in np.arange(between(rng, -0.2, 0), 1, 0.3):
            scene.box(x, stripe + 0.1, x + 0.29, floor - 0.02, wall * 0.75 + (40, 46, 50))
    scene.box(0, floor, 1, 1, scene.shade(((44, 46, 50), (62, 62, 66), (150, 118, 84))))
    if rng.random() < 0.65:
        _barbells(scene, floor, accent)
    else:
        _treadmills(scene, floor, accent)
    if rng.random() < 0.4:  # a punching bag
        x = between(rng, 0.05, 0.9)
        scene.box(x + 0.05, 0, x + 0.06, 0.2, (150, 150, 150))
        scene.box(x, 0.2, x + 0.11, 0.66, accent * 0.7)
    scene.blur = between(rng, 0.008, 0.016)


def _barbells(scene: Scene, floor: float, accent: Tint) -> None:
    """Racks with a barbell each, and dumbbells on their stand."""
    rng = scene.rng
    steel = scene.shade(((26, 26, 30), (170, 174, 178), (200, 50, 44)), 0.1)
    for left in (between(rng, -0.1, 0.12), between(rng, 0.6, 0.8)):  # racks with barbells
        wide, top = between(rng, 0.26, 0.34), between(rng, 0.2, 0.32)
        for x in (left, left + wide):
            scene.box(x, top, x + 0.024, floor, steel)
        scene.box(left, top, left + wide, top + 0.022, steel)
        bar, coloured = between(rng, 0.42, 0.52), rng.random() < 0.4
        scene.box(left - 0.1, bar, left + wide + 0.12, bar + 0.014, (196, 198, 202))
        for x in (left - 0.05, left + wide + 0.06):
            for size in (0.1, 0.07):
                plate = accent * 0.8 if size < 0.09 and coloured else scene.shade((34, 34, 38))
                scene.disc(x, bar + 0.007, size, plate)
            scene.disc(x, bar + 0.007, 0.02, (150, 152, 156))
    start, end = between(rng, -0.05, 0.3), between(rng, 0.7, 1.1)
    for y in (floor - 0.16, floor - 0.05):  # dumbbells on their stand
        scene.box(start, y, end, y + 0.016, (130, 132, 136))
        for x in np.arange(start + 0.02, end - 0.04, 0.07):
            scene.disc(x, y - 0.016, 0.022, (22, 22, 24))
            scene.disc(x + 0.03, y - 0.016, 0.022, (44, 44, 48))


def _treadmills(scene: Scene, floor: float, accent: Tint) -> None:
    """A row of treadmills in front of a long window."""
    rng = scene.rng
    top = between(rng, 0.3, 0.36)
    scene.box(0, top, 1, top + 0.22, scene.shade(((200, 216, 226), (140, 152, 164))))
    step, width = between(rng, 0.26, 0.36), between(rng, 0.14, 0.18)
    for left in np.arange(between(rng, -0.2, 0.05), 1, step):
        scene.box(left - 0.05, top, left - 0.03, top + 0.22, (60, 62, 66))
        desk = floor - between(rng, 0.3, 0.34)
        for x in (left, left + width):
            scene.box(x, desk, x + 0.02, floor + 0.1, (40, 42, 46))
        scene.box(left - 0.015, desk - 0.08, left + width + 0.035, desk + 0.02, (28, 28, 32))
        scene.box(left + 0.03, desk - 0.065, left + width - 0.01, desk - 0.01, (96, 150, 190))
        scene.box(left - 0.02, desk + 0.05, left + width + 0.04, desk + 0.07, accent)
        corners = ((left, floor - 0.04), (left + width + 0.02, floor - 0.04))
        scene.shape((*corners, (left + width + 0.05, 1), (left - 0.03, 1)), (30, 30, 34))


def stage(scene: Scene) -> None:
    """Dark, with beams of coloured light from above and haze."""
    rng = scene.rng
    scene.fade((12, 10, 18), (30, 22, 34))
    hues: tuple[Colour, ...] = (
        (255, 60, 150),
        (90, 90, 255),
        (60, 200, 255),
        (255, 150, 50),
        (190, 70, 255),
        (255, 70, 60),
        (255, 240, 210),
    )
    kinds = [np.array(pick(rng, hues), np.float32) for _ in range(int(rng.integers(1, 4)))]
    if rng.random() < 0.55:  # a curtain
        folds = np.sin(scene.x * between(rng, 40, 75) + 1.5 * clouded(rng, 1, 5, 2)[:1])
        cloth = scene.shade(((120, 20, 30), (90, 16, 40), (50, 20, 70)), 0.2)
        share = np.abs(scene.x - 0.5) > between(rng, 0.0, 0.38)
        tone = (0.55 + 0.4 * folds)[..., None] * cloth
        scene.paint(share * (scene.y < 0.86), np.broadcast_to(tone, scene.pixels.shape))
    count = int(rng.integers(4, 8))
    rail = between(rng, 0.02, 0.12)
    scene.box(0, rail - 0.03, 1, rail - 0.01, (40, 40, 46))
    haze = 1 + 0.25 * clouded(rng, 4, octaves=3)
    for lamp in range(count):
        x, colour = (lamp + between(rng, 0.2, 0.8)) / count, pick(rng, kinds)
        aim = between(rng, -0.5, 0.5) + (0.5 - x) * 0.5
        depth = np.clip(scene.y - rail, 0, 1)
        wide = 0.018 + depth * between(rng, 0.08, 0.16)
        beam = np.exp(-(((scene.x - x - aim * depth) / wide) ** 2)) * (scene.y > rail)
        scene.pixels += (beam * (1 - 0.65 * depth) * haze * 0.55)[..., None] * colour
        scene.disc(x, rail, between(rng, 0.018, 0.032), np.minimum(colour * 0.4 + 170, 255))
    scene.glow(between(rng, 0.2, 0.8), 1.0, 0.4, kinds[0] * 0.35)
    scene.blur = between(rng, 0.006, 0.016)
