"""Photos from strangers: metadata dropped, bombs and broken files refused, nothing else raised."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from tests.media.pictures import RED, quarters, read, swapped_profile
from tests.support.photos import encode, small

from likeness.errors import Refusal
from likeness.media.photo import PhotoTooLarge, UnreadablePhoto, read_photo, save_photo

FORMS = ["JPEG", "PNG", "WEBP", "HEIF"]
SECRET = b"Geheimes Tal 47"


def loaded(form: str) -> bytes:
    """A photo that says in every place where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 5.0, 3.0), 3: "E", 4: (15.0, 0.0, 0.0)})
    options: dict[str, object] = {"exif": exif.tobytes(), "xmp": b"<x>" + SECRET + b"</x>"}
    options["icc_profile"] = swapped_profile()
    if form == "JPEG":
        options["comment"] = SECRET
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        options["pnginfo"] = notes
    return encode(quarters(), form, **options)


@pytest.mark.parametrize("form", FORMS)
def test_metadata_are_dropped(form: str) -> None:
    content = loaded(form)
    assert SECRET in content

    file = io.BytesIO()
    save_photo(read(content), file)

    assert SECRET not in file.getvalue()
    stored = Image.open(file)
    assert (stored.format, stored.size) == ("JPEG", (64, 32))
    assert not stored.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(stored.info)


def test_stored_photo_keeps_its_colours() -> None:
    stripes = Image.new("RGB", (64, 64))
    for x in range(64):
        stripes.paste(RED if x % 2 else (0, 0, 255), (x, 0, x + 1, 64))
    file = io.BytesIO()

    save_photo(stripes, file)

    red, _, blue = np.asarray(Image.open(file))[32, 31]
    assert red > 225
    assert blue < 30


def claim(form: str, width: int, height: int) -> bytes:
    """A small photo whose header says that it is that large."""
    content = bytearray(small(form))
    sides = struct.pack(">II", width, height)
    if form == "PNG":
        content[16:24] = sides
        content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    elif form == "JPEG":
        at = content.index(b"\xff\xc0") + 5
        content[at : at + 4] = struct.pack(">HH", height, width)
    elif form == "WEBP":
        at = content.index(b"\x9d\x01\x2a") + 3
        content[at : at + 4] = struct.pack("<HH", width, height)
    else:
        at = content.index(b"ispe") + 8
        content[at : at + 8] = sides
    return bytes(content)


@pytest.mark.parametrize(
    ("form", "side"), [("PNG", 50_000), ("JPEG", 50_000), ("WEBP", 16_383), ("HEIF", 50_000)]
)
def test_bombs_are_refused_before_they_are_decoded(form: str, side: int) -> None:
    # A decoder that looked at the pixels would find them missing and call the photo unreadable;
    # the HEIF decoder does so while it reads the header.
    expected = (PhotoTooLarge, UnreadablePhoto) if form == "HEIF" else PhotoTooLarge

    with pytest.raises(expected):
        read(claim(form, side, side), max_pixels=80_000_000)


def test_message_says_what_was_found_and_what_is_allowed() -> None:
    with pytest.raises(PhotoTooLarge, match=r"50000 x 50000 pixels; at most 80,000,000 in all"):
        read(claim("PNG", 50_000, 50_000), max_pixels=80_000_000)


@pytest.mark.parametrize("form", FORMS)
def test_limit_counts_pixels(form: str) -> None:
    content = small(form, (96, 64))

    assert read(content, max_pixels=96 * 64).size == (96, 64)
    with pytest.raises(PhotoTooLarge):
        read(content, max_pixels=96 * 64 - 1)


def test_side_that_no_jpeg_can_have() -> None:
    with pytest.raises(PhotoTooLarge):
        read(claim("PNG", 65_501, 1))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("form", FORMS)
def test_truncated(form: str, share: float) -> None:
    whole = small(form, (256, 256))

    with pytest.raises(UnreadablePhoto, match="Send a whole jpg"):
        read(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "AVIF", "PPM", "ICO", "PDF", "EPS"])
def test_other_formats_are_no_photos(form: str) -> None:
    with pytest.raises(UnreadablePhoto):
        read(encode(Image.new("RGB", (32, 32)), form))


@pytest.mark.filterwarnings("ignore")
@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
@settings(max_examples=100)
def test_any_bytes_are_refused(content: bytes, start: bytes) -> None:
    with pytest.raises(Refusal):
        read(start + content)


WHOLE = {form: loaded(form) for form in FORMS}


@pytest.mark.filterwarnings("ignore")
@given(
    st.sampled_from(FORMS),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8),
)
@settings(max_examples=150)
def test_damaged_photos_are_read_or_refused(form: str, damage: list[tuple[float, int]]) -> None:
    content = bytearray(WHOLE[form])
    for place, value in damage:
        content[int(place * len(content))] = value

    try:
        assert read_photo(io.BytesIO(content), 10_000).mode == "RGB"
    except Refusal as refusal:
        assert refusal.status in (400, 413)
