"""A photo is stored as it should be looked at: upright, in sRGB, 8 bit, on white, still."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin
from tests.media.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    assert_colour,
    quarters,
    read,
    swapped_profile,
)
from tests.support.photos import encode

FORMS = ["JPEG", "PNG", "WEBP", "HEIF"]
SOLID = Image.new("RGB", (8, 8), RED)

Turn = Image.Transpose
STORED = {
    1: None,
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}
"""How a camera that is held so stores an upright picture (Exif 2.32, tag 0x0112)."""


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("form", FORMS)
def test_orientation_is_applied(form: str, orientation: int) -> None:
    turn = STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = read(encode(stored, form, exif=exif.tobytes()))

    assert photo.size == (64, 32)
    assert_colour(photo, (8, 8), BLUE)
    assert_colour(photo, (56, 24), GREEN)
    assert_colour(photo, (56, 8), RED)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*", b"Exif\0\0II*\0\xff\xff\xff"]
)
def test_broken_metadata_do_not_matter(form: str, exif: bytes) -> None:
    assert_colour(read(encode(SOLID, form, exif=exif)), (4, 4), RED)


@pytest.mark.parametrize("form", FORMS)
def test_profile_is_converted_to_srgb(form: str) -> None:
    assert_colour(read(encode(SOLID, form, icc_profile=swapped_profile())), (4, 4), GREEN)


@pytest.mark.parametrize("mode", ["P", "RGBA"])
def test_profile_counts_in_every_mode(mode: str) -> None:
    content = encode(SOLID.convert(mode), "PNG", icc_profile=swapped_profile())

    assert_colour(read(content), (4, 4), GREEN)


def test_profile_leaves_transparent_what_is_transparent() -> None:
    content = encode(quarters(), "PNG", icc_profile=swapped_profile(), transparency=BLUE)

    photo = read(content)

    assert_colour(photo, (8, 8), WHITE)
    assert_colour(photo, (56, 8), GREEN)


@pytest.mark.parametrize("profile", [b"nonsense" * 20, swapped_profile()[:200]])
def test_broken_profile_is_ignored(profile: bytes) -> None:
    assert_colour(read(encode(SOLID, "PNG", icc_profile=profile)), (4, 4), RED)


def test_profile_of_another_kind_of_picture_is_ignored() -> None:
    grey = Image.new("L", (8, 8), 100)

    assert_colour(read(encode(grey, "PNG", icc_profile=swapped_profile())), (4, 4), (100,) * 3)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpeg_of_other_modes(mode: str) -> None:
    photo = read(encode(quarters().convert(mode), "JPEG"))

    assert (photo.mode, photo.size) == ("RGB", (64, 32))
    grey = (76,) * 3
    assert_colour(photo, (56, 8), RED if mode == "CMYK" else grey)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_modes(form: str, mode: str) -> None:
    content = encode(Image.new("RGB", (8, 8), WHITE).convert(mode), form)

    photo = read(content)

    assert photo.mode == "RGB"
    assert_colour(photo, (4, 4), WHITE)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF"])
def test_transparency_is_laid_on_white(form: str) -> None:
    picture = Image.new("RGBA", (32, 16), (*RED, 255))
    picture.paste((*BLUE, 0), (0, 0, 16, 16))

    photo = read(encode(picture, form))

    assert_colour(photo, (4, 8), WHITE)
    assert_colour(photo, (28, 8), RED)


def test_half_transparency_is_mixed_with_white() -> None:
    assert_colour(
        read(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 128)), "PNG")), (4, 4), (127,) * 3
    )


@pytest.mark.parametrize(("mode", "key"), [("RGB", BLUE), ("L", 29)])
def test_transparent_colour_is_laid_on_white(mode: str, key: object) -> None:
    photo = read(encode(quarters().convert(mode), "PNG", transparency=key))

    assert_colour(photo, (8, 8), WHITE)


def deep(kind: int, row: bytes) -> bytes:
    """A PNG of 2 x 2 pixels with 16 bit in each channel."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, kind, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress((b"\0" + row) * 2))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "values", "colours"),
    [
        (0, [0x8000, 0xFFFF], [(128,) * 3, WHITE]),
        (2, [0xFFFF, 0, 0, 0, 0, 0xFFFF], [RED, BLUE]),
        (4, [0, 0xFFFF, 0, 0], [(0,) * 3, WHITE]),
        (6, [0xFFFF, 0, 0, 0xFFFF, 0, 0, 0, 0], [RED, WHITE]),
    ],
)
def test_sixteen_bit(kind: int, values: list[int], colours: list[tuple[int, ...]]) -> None:
    photo = read(deep(kind, struct.pack(f">{len(values)}H", *values)))

    for x, colour in enumerate(colours):
        assert_colour(photo, (x, 0), colour)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "MPO"])
def test_first_of_several_frames(form: str) -> None:
    more = [Image.new("RGB", (8, 8), BLUE), Image.new("RGB", (8, 8), GREEN)]

    assert_colour(read(encode(SOLID, form, save_all=True, append_images=more)), (4, 4), RED)


def test_text_in_a_png_does_not_matter() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 1000, zip=True)

    assert_colour(read(encode(SOLID, "PNG", pnginfo=notes)), (4, 4), RED)


def test_place_in_the_file_does_not_matter() -> None:
    file = io.BytesIO(encode(SOLID))
    file.seek(100)

    assert read(file.getvalue()).size == (8, 8)
