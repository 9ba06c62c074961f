"""Pictures as providers are shown them."""

import io

from PIL import Image

SIDE = 1536
QUALITY = 92
"""The longest side in px, and the JPEG quality: fourteen of them fit in one request of 20 MB."""


def as_jpeg(picture: Image.Image) -> bytes:
    """A JPEG of a picture (RGB), which is made smaller where it is too large."""
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
