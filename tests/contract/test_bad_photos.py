"""Files that are no photos, or not whole, or too large: refused with a sentence, nothing stored."""

import struct
import zlib

import httpx
import pytest
from PIL import Image
from tests.contract.calls import UNKNOWN, assert_refused, images, new_model, photo_files, upload
from tests.support.photos import encode, small
from tests.support.server import Server


def claiming(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is that large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def half(form: str) -> bytes:
    """The first half of a photo."""
    whole = small(form)
    return whole[: len(whole) // 2]


NO_PHOTOS = {
    "empty": b"",
    "text": b"This is not a photo.",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "gif": encode(Image.new("P", (9, 9)), "GIF"),
    "bmp": encode(Image.new("RGB", (9, 9)), "BMP"),
    "tiff": encode(Image.new("RGB", (9, 9)), "TIFF"),
    "avif": encode(Image.new("RGB", (64, 64)), "AVIF"),
    "pdf": encode(Image.new("RGB", (9, 9)), "PDF"),
    "only a beginning": b"\xff\xd8\xff",
    "no pixels": claiming(0, 0),
    **{f"half a {form}": half(form) for form in ("JPEG", "PNG", "WEBP", "HEIF")},
}


@pytest.mark.parametrize("name", NO_PHOTOS)
def test_no_photo(server: Server, http: httpx.Client, name: str) -> None:
    before = photo_files(server)
    model_id = new_model(http)

    answer = upload(http, model_id, NO_PHOTOS[name], name="photo.jpg")

    assert_refused(answer, 400, "Send a whole jpg, jpeg, png, webp or heic file")
    assert images(http, model_id) == []
    assert photo_files(server) == before


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (65_501, 1)])
def test_too_many_pixels(server: Server, http: httpx.Client, size: tuple[int, int]) -> None:
    before = photo_files(server)
    model_id = new_model(http)

    answer = upload(http, model_id, claiming(*size))

    assert_refused(answer, 413, f"{size[0]} x {size[1]} pixels")
    assert "Make it smaller" in answer.json()["message"]
    assert images(http, model_id) == []
    assert photo_files(server) == before


def test_photo_for_an_unknown_model(server: Server, http: httpx.Client) -> None:
    before = photo_files(server)

    assert_refused(upload(http, UNKNOWN), 404, "no model with this id")

    assert photo_files(server) == before
