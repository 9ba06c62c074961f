"""Colours by name, as sRGB triples in 0..255."""

from collections.abc import Mapping

Colour = tuple[int, int, int]

SKIN: Mapping[str, Colour] = {
    "fair": (208, 160, 143),
    "light": (196, 146, 125),
    "medium": (180, 130, 106),
    "olive": (165, 119, 93),
    "tan": (146, 100, 75),
    "brown": (118, 78, 58),
    "dark brown": (92, 59, 44),
    "very dark": (70, 45, 35),
}
HAIR: Mapping[str, Colour] = {
    "black": (30, 25, 23),
    "dark brown": (54, 36, 27),
    "brown": (84, 55, 37),
    "light brown": (122, 86, 57),
    "auburn": (100, 50, 33),
    "red": (140, 70, 40),
    "blonde": (182, 150, 106),
    "platinum blonde": (216, 202, 172),
    "gray": (135, 133, 131),
    "white": (214, 212, 208),
}
CLOTH: Mapping[str, Colour] = {
    "white": (232, 232, 228),
    "black": (28, 28, 30),
    "gray": (128, 130, 134),
    "navy blue": (32, 44, 86),
    "blue": (52, 98, 176),
    "light blue": (146, 184, 222),
    "red": (178, 38, 40),
    "burgundy": (104, 28, 44),
    "green": (48, 122, 70),
    "olive green": (100, 104, 58),
    "yellow": (228, 188, 58),
    "orange": (220, 118, 46),
    "pink": (228, 148, 168),
    "purple": (104, 64, 140),
    "brown": (104, 72, 50),
    "beige": (212, 192, 160),
    "teal": (36, 124, 128),
}
BACKDROP: Mapping[str, Colour] = {
    "white": (235, 235, 232),
    "light gray": (190, 192, 194),
    "dark gray": (70, 72, 75),
    "black": (22, 22, 24),
    "blue": (62, 100, 160),
    "teal": (40, 120, 125),
    "green": (70, 120, 75),
    "red": (150, 45, 45),
    "yellow": (225, 185, 70),
    "orange": (215, 125, 55),
    "pink": (225, 160, 170),
    "purple": (105, 75, 145),
    "beige": (214, 196, 168),
    "brown": (105, 75, 52),
}
LIPS: tuple[Colour, ...] = (
    (150, 30, 45),
    (170, 60, 80),
    (120, 30, 40),
    (190, 90, 95),
    (140, 50, 70),
)
