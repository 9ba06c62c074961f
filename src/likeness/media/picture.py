"""Pictures that we made, encoded with the mark that says so."""

from typing import IO, Literal

from PIL import Image
from PIL.PngImagePlugin import PngInfo

QUALITY = 95
"""Of JPEG and WebP."""

Format = Literal["jpeg", "png", "webp"]
EXTENSIONS: dict[Format, str] = {"jpeg": "jpg", "png": "png", "webp": "webp"}
"""Extensions of files, by the format of the picture in them."""

SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC Digital Source Type: made by a trained algorithm (IPTC Photo Metadata Standard 2023.2)."""

ENHANCED = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
"""The same for a photograph that an algorithm has enlarged."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
   Iptc4xmpExt:DigitalSourceType="{}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def xmp_of(source: str) -> str:
    """An XMP packet that says of a picture or video what its source is."""
    return _XMP.format(source)


def fit(
    image: Image.Image, width: int, height: int, middle: tuple[float, float] | None = None
) -> Image.Image:
    """The picture in another size, in px. When the ratio differs, sides are cropped: evenly, or so
    that a spot of the picture comes as near to the `middle` as can be."""
    if image.size == (width, height):
        return image
    scale = max(width / image.width, height / image.height)
    # At the same ratio the quotient may come out a hair larger than the side it stands for.
    crop_width = min(image.width, width / scale)
    crop_height = min(image.height, height / scale)
    x, y = middle or (image.width / 2, image.height / 2)
    left = min(max(0.0, x - crop_width / 2), image.width - crop_width)
    top = min(max(0.0, y - crop_height / 2), image.height - crop_height)
    box = (left, top, left + crop_width, top + crop_height)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)


def crop(image: Image.Image, ratio: float) -> Image.Image:
    """The middle of a picture, in another ratio of width to height; as it is where the two differ
    by less than a hundredth, which is how providers round."""
    if abs(image.width / image.height / ratio - 1) < 0.01:
        return image
    width, height = image.size
    if width > height * ratio:
        width = max(1, round(height * ratio))
    else:
        height = max(1, round(width / ratio))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def save_picture(
    image: Image.Image, file: IO[bytes], source: str = SYNTHETIC, format: Format = "jpeg"
) -> None:
    """Encode a picture, with XMP that says what its `source` is."""
    xmp = xmp_of(source)
    match format:
        case "jpeg":
            options = {"quality": QUALITY, "subsampling": 0, "optimize": True}
            image.save(file, "JPEG", xmp=xmp.encode(), **options)
        case "webp":
            image.save(file, "WEBP", xmp=xmp.encode(), quality=QUALITY)
        case "png":
            text = PngInfo()
            text.add_itxt("XML:com.adobe.xmp", xmp)
            image.save(file, "PNG", pnginfo=text)
