"""Contact sheets: photos in, pictures out, on one page."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1280
MARGIN = 24
GAP = 10
INK, PALE, PAPER = "#1d1f24", "#6a6f7a", "#fbfaf7"


TITLE, HEADING, WORDS = 50, 34, 62
"""Heights in px of the page's title, of a section's title and of the words below a picture."""


@dataclass(frozen=True)
class Section:
    """Pictures in rows of `columns`, under a title, each with words below it or none."""

    title: str
    pictures: Sequence[tuple[Image.Image, str]]
    columns: int

    @property
    def side(self) -> int:
        """The side of each picture in px."""
        return (WIDTH - 2 * MARGIN - (self.columns - 1) * GAP) // self.columns

    @property
    def row_height(self) -> int:
        """From the top of a row to that of the next, in px."""
        return self.side + GAP + (WORDS if any(words for _, words in self.pictures) else 0)

    @property
    def height(self) -> int:
        """From the section's title to the end of its last row, in px."""
        return HEADING + -(-len(self.pictures) // self.columns) * self.row_height


def draw_sheet(title: str, sections: Sequence[Section]) -> Image.Image:
    """A page, 1280 px wide, with a title and sections of square pictures."""
    height = MARGIN + TITLE + sum(section.height + MARGIN for section in sections)
    sheet = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((MARGIN, MARGIN), title, INK, ImageFont.load_default(30))
    y = MARGIN + TITLE
    for section in sections:
        _draw_section(sheet, pen, section, y)
        y += section.height + MARGIN
    return sheet


def _draw_section(sheet: Image.Image, pen: ImageDraw.ImageDraw, section: Section, y: int) -> None:
    pen.text((MARGIN, y), section.title, PALE, ImageFont.load_default(20))
    font, side = ImageFont.load_default(14), section.side
    for index, (picture, words) in enumerate(section.pictures):
        row, column = divmod(index, section.columns)
        x, top = MARGIN + column * (side + GAP), y + HEADING + row * section.row_height
        sheet.paste(picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS), (x, top))
        lines = textwrap.wrap(words, side // 7, max_lines=3, placeholder=" ...")
        pen.multiline_text((x, top + side + 6), "\n".join(lines), INK, font)
