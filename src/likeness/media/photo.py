"""Photos from outside, decoded once and safely."""

import io
from typing import IO

from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from likeness.errors import Refusal

register_heif_opener()
# Our own limit is checked before any pixel is decoded; Pillow's would only warn in the log.
Image.MAX_IMAGE_PIXELS = None

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""The decoders that may touch an upload. MPO, how some phones write a JPEG, comes with JPEG."""

JPEG_QUALITY = 95
JPEG_SIDE = 65_500
"""The longest side in pixels that libjpeg can write."""


class UnreadablePhoto(Refusal):
    """The file is not a photo that can be read. Send a whole jpg, jpeg, png, webp or heic file."""


class PhotoTooLarge(Refusal):
    """The photo has too many pixels. Make it smaller and send it again."""

    status = 413


def read_photo(file: IO[bytes], max_pixels: int) -> Image.Image:
    """Decode a photo to 8-bit sRGB as it should be looked at, without any metadata.

    The orientation is applied, the colour profile converted, transparency laid on white, and of an
    animation the first frame is taken. The format comes from the bytes, never from a name.
    Raises `UnreadablePhoto`, and `PhotoTooLarge` before any pixel is decoded.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            width, height = image.size
            if width * height > max_pixels or max(width, height) > JPEG_SIDE:
                raise PhotoTooLarge(
                    f"The photo has {width} x {height} pixels; at most {max_pixels:,} in all are "
                    "accepted. Make it smaller and send it again."
                )
            image.seek(0)
            image.load()
            return _plain(_upright(image))
    except Refusal:
        raise
    except Exception as error:
        # A decoder may fail on hostile bytes in any way that it likes.
        raise UnreadablePhoto from error


def save_photo(image: Image.Image, file: IO[bytes]) -> None:
    """Encode a photo as the store keeps it: JPEG, quality 95, full colour resolution."""
    image.save(file, "JPEG", quality=JPEG_QUALITY, subsampling=0)


def _upright(image: Image.Image) -> Image.Image:
    # The HEIF decoder turns the picture itself and resets the tag.
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Broken metadata are no reason to refuse a photo: it is taken as it lies.
        return image


def _plain(image: Image.Image) -> Image.Image:
    image = _eight_bit(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "CMYK", "L"):
        image = image.convert("RGB")
    image = _in_srgb(image)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.info.clear()
    return image


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    mode = image.mode if image.mode == "RGBA" else "RGB"
    try:
        converted = ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that does not fit its picture is common; the numbers are then taken as sRGB.
        return image
    return converted if converted is not None else image
