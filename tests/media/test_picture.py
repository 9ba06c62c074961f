"""Pictures that we made: the asked size, and the mark that says that they are synthetic."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from tests.media.pictures import BLUE, GREEN, RED, assert_colour, quarters

from likeness.media.picture import SYNTHETIC, crop, fit, save_picture

SIDES = st.integers(1, 300)


@given(SIDES, SIDES, SIDES, SIDES)
@example(208, 80, 2024, 776)
def test_any_size_is_met(width: int, height: int, new_width: int, new_height: int) -> None:
    picture = fit(Image.new("RGB", (width, height), RED), new_width, new_height)

    assert picture.size == (new_width, new_height)
    assert picture.getpixel((new_width // 2, new_height // 2)) == RED


@given(SIDES, SIDES, SIDES, SIDES, st.floats(-50, 350), st.floats(-50, 350))
def test_any_spot_may_be_the_middle(
    width: int, height: int, new_width: int, new_height: int, x: float, y: float
) -> None:
    picture = fit(Image.new("RGB", (width, height), RED), new_width, new_height, (x, y))

    assert picture.size == (new_width, new_height)
    assert picture.getpixel((new_width // 2, new_height // 2)) == RED


@pytest.mark.parametrize("size", [(200, 400), (400, 200)])
@pytest.mark.parametrize("corner", [0, 60])
def test_what_is_in_the_middle_stays(size: tuple[int, int], corner: int) -> None:
    target = Image.new("RGB", (90, 90), RED)
    target.paste(BLUE, (corner, corner, corner + 30, corner + 30))

    picture = fit(target, *size, (corner + 15, corner + 15))

    colours = picture.getcolors(picture.width * picture.height) or []
    seen = sum(count for count, colour in colours if colour == BLUE)
    assert seen > 0.9 * 400 * 400 / 9


@given(SIDES, SIDES, st.floats(0.25, 4))
def test_any_ratio_is_met_by_cropping(width: int, height: int, ratio: float) -> None:
    picture = crop(Image.new("RGB", (width, height), RED), ratio)

    assert picture.width <= width and picture.height <= height
    assert picture.width == width or picture.height == height
    assert abs(picture.width - picture.height * ratio) <= max(1, ratio, 0.011 * width)


def test_a_ratio_that_is_near_is_left_alone() -> None:
    picture = quarters()

    assert crop(picture, 2.01) is picture
    assert crop(picture, 1.0).size == (32, 32)
    assert_colour(crop(picture, 1.0), (31, 31), GREEN)


def test_same_size_is_left_alone() -> None:
    picture = quarters()

    assert fit(picture, 64, 32) is picture


def test_same_ratio_keeps_everything() -> None:
    large = fit(quarters(), 640, 320)

    assert_colour(large, (2, 2), BLUE)
    assert_colour(large, (637, 317), GREEN)
    assert_colour(large, (310, 310), RED)


@pytest.mark.parametrize("size", [(200, 400), (400, 200)])
def test_other_ratio_is_cropped_evenly(size: tuple[int, int]) -> None:
    target = Image.new("RGB", (90, 90), RED)
    target.paste(BLUE, (30, 30, 60, 60))

    picture = fit(target, *size)

    # The middle third of the short side is twice as wide once the long side fills the picture.
    middle_x, middle_y = size[0] // 2, size[1] // 2
    for x, y in ((-55, 0), (55, 0), (0, -55), (0, 55)):
        assert_colour(picture, (middle_x + x, middle_y + y), BLUE)
    for x, y in ((-80, 0), (80, 0), (0, -80), (0, 80)):
        assert_colour(picture, (middle_x + x, middle_y + y), RED)


def test_bytes_say_that_the_picture_is_synthetic() -> None:
    file = io.BytesIO()

    save_picture(quarters(), file)

    stored = Image.open(file)
    assert (stored.format, stored.size) == ("JPEG", (64, 32))
    xmp = stored.info["xmp"].decode()
    packet = ElementTree.fromstring(xmp[xmp.index("<x:xmpmeta") : xmp.rindex("<?xpacket")])
    name = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
    assert [element.get(name) for element in packet.iter() if element.get(name)] == [SYNTHETIC]
    assert SYNTHETIC.endswith("/digitalsourcetype/trainedAlgorithmicMedia")


def test_same_picture_gives_the_same_bytes() -> None:
    files = io.BytesIO(), io.BytesIO()

    for file in files:
        save_picture(quarters(), file)

    assert files[0].getvalue() == files[1].getvalue()
