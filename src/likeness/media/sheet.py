"""Contact sheets: photos in, pictures out, on one page."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1280
MARGIN = 24
GAP = 10
INK, PALE, PAPER = "#1d1f24", "#6a6f7a", "#fbfaf7"


@dataclass(frozen=True)
class Section:
    """Pictures in rows of `columns`, under a title, each with words below it or none."""

    title: str
    pictures: Sequence[tuple[Image.Image, str]]
    columns: int


def draw_sheet(title: str, sections: Sequence[Section]) -> Image.Image:
    """A page, 1280 px wide, with a title and sections of square pictures."""
    sheet = Image.new("RGB", (WIDTH, 8000), PAPER)
    pen = ImageDraw.Draw(sheet)
    y = MARGIN
    pen.text((MARGIN, y), title, INK, ImageFont.load_default(30))
    y += 50
    for section in sections:
        pen.text((MARGIN, y), section.title, PALE, ImageFont.load_default(20))
        y = _draw_pictures(sheet, pen, section, y + 34) + MARGIN
    return sheet.crop((0, 0, WIDTH, y))


def _draw_pictures(sheet: Image.Image, pen: ImageDraw.ImageDraw, section: Section, y: int) -> int:
    side = (WIDTH - 2 * MARGIN - (section.columns - 1) * GAP) // section.columns
    font = ImageFont.load_default(14)
    worded = any(words for _, words in section.pictures)
    height = side + GAP + (62 if worded else 0)
    for index, (picture, words) in enumerate(section.pictures):
        row, column = divmod(index, section.columns)
        x, top = MARGIN + column * (side + GAP), y + row * height
        sheet.paste(picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS), (x, top))
        lines = textwrap.wrap(words, side // 7, max_lines=3, placeholder=" ...")
        pen.multiline_text((x, top + side + 6), "\n".join(lines), INK, font)
    rows = -(-len(section.pictures) // section.columns)
    return y + rows * height
