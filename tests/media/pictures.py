"""Pictures to test with."""

import io

from PIL import Image, ImageCms

from likeness.media.photo import read_photo

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

ROOM = 1_000_000
"""More pixels than any picture here has."""


def read(content: bytes, max_pixels: int = ROOM) -> Image.Image:
    """Read a photo from bytes."""
    return read_photo(io.BytesIO(content), max_pixels)


def quarters() -> Image.Image:
    """A picture that looks different from all eight sides: red with a blue and a green quarter."""
    picture = Image.new("RGB", (64, 32), RED)
    picture.paste(BLUE, (0, 0, 32, 16))
    picture.paste(GREEN, (32, 16, 64, 32))
    return picture


def assert_colour(picture: Image.Image, place: tuple[int, int], colour: tuple[int, ...]) -> None:
    """The pixel has the colour, as near as a lossy format keeps it."""
    pixel = picture.getpixel(place)
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) <= 8 for a, b in zip(pixel, colour, strict=True)), (pixel, colour)


def swapped_profile() -> bytes:
    """A colour profile in which red is green and green is red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)
