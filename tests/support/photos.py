"""Photos to upload."""

import io
from pathlib import Path

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()

PEOPLE = Path(__file__).parents[2] / "examples" / "people"


def person(name: str) -> list[Path]:
    """The sixteen training photos of an example person."""
    return sorted((PEOPLE / name / "train").glob("*.jpg"))


def encode(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """A picture as a file's bytes."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def small(form: str = "JPEG", size: tuple[int, int] = (96, 96), shade: int = 0) -> bytes:
    """A small picture with a gradient, different for each `shade`, in any format."""
    ramp = Image.linear_gradient("L").resize(size)
    blue = Image.new("L", size, shade % 256)
    return encode(Image.merge("RGB", (ramp, ramp.rotate(90).resize(size), blue)), form)


def five_formats(source: Path, folder: Path, count: int = 12) -> list[Path]:
    """`count` photos of a folder as jpg, jpeg, png, webp and heic, turn by turn."""
    forms = [("jpg", "JPEG"), ("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("heic", "HEIF")]
    paths: list[Path] = []
    for index, path in enumerate(sorted(source.glob("*.jpg"))[:count]):
        suffix, form = forms[index % len(forms)]
        target = folder / f"{path.stem}.{suffix}"
        with Image.open(path) as image:
            target.write_bytes(encode(image.resize((256, 256)), form))
        paths.append(target)
    return paths
