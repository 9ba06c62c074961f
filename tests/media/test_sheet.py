"""Contact sheets."""

from PIL import Image
from tests.media.pictures import BLUE, GREEN, RED, assert_colour

from likeness.media.sheet import GAP, MARGIN, WIDTH, Section, draw_sheet

PAPER = (251, 250, 247)


def solid(colour: tuple[int, int, int]) -> tuple[Image.Image, str]:
    """A picture of one colour, without words."""
    return Image.new("RGB", (50, 50), colour), ""


def test_pictures_stand_in_rows() -> None:
    section = Section("Photos", [solid(RED), solid(GREEN), solid(BLUE)], columns=2)

    sheet = draw_sheet("Title", [section])

    side = (WIDTH - 2 * MARGIN - GAP) // 2
    top = MARGIN + 50 + 34
    first, second = MARGIN + side // 2, MARGIN + side + GAP + side // 2
    assert sheet.width == WIDTH
    assert sheet.height == top + 2 * (side + GAP) + MARGIN
    assert_colour(sheet, (first, top + side // 2), RED)
    assert_colour(sheet, (second, top + side // 2), GREEN)
    assert_colour(sheet, (first, top + side + GAP + side // 2), BLUE)
    assert_colour(sheet, (second, top + side + GAP + side // 2), PAPER)


def test_words_take_room_below_their_picture() -> None:
    picture = Image.new("RGB", (50, 50), RED)
    plain = draw_sheet("Title", [Section("Made", [(picture, "")], columns=4)])
    worded = draw_sheet("Title", [Section("Made", [(picture, "at the beach")], columns=4)])

    assert worded.height == plain.height + 62
    below = worded.crop((MARGIN, plain.height - MARGIN, WIDTH, worded.height))
    assert min(below.convert("L").tobytes()) < 100  # ink


def test_long_words_stay_below_their_own_picture() -> None:
    picture = Image.new("RGB", (50, 50), RED)
    sheet = draw_sheet("Title", [Section("Made", [(picture, "wide words " * 40)], columns=2)])

    right_half = sheet.crop((MARGIN + (WIDTH - 2 * MARGIN) // 2 + GAP, 100, WIDTH, sheet.height))
    assert right_half.getcolors() == [(right_half.width * right_half.height, PAPER)]


def test_sections_follow_each_other() -> None:
    one = Section("Photos", [solid(RED)], columns=4)
    two = Section("Made", [solid(BLUE)], columns=4)

    sheet = draw_sheet("Title", [one, two])

    assert sheet.height > draw_sheet("Title", [one]).height
    column = [sheet.getpixel((MARGIN + 100, y)) for y in range(sheet.height)]
    assert column.index(RED) < column.index(BLUE)
