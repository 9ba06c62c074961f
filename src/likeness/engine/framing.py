"""Pictures in another ratio of width to height, cropped so that nobody loses their head."""

from PIL import Image

from likeness.engine.faces import FaceReader
from likeness.media.picture import fit


def framed(picture: Image.Image, width: int, height: int, reader: FaceReader) -> Image.Image:
    """The picture in another size, in px. Where that means to crop it, its largest face stays as
    near to the middle as can be."""
    cropped = abs(picture.width * height - picture.height * width) > max(width, height)
    faces = reader.find(picture) if cropped else []
    return fit(picture, width, height, (faces[0].box.x, faces[0].box.y) if faces else None)
