"""Closer looks at a picture: squares around a head, and how a head drawn anew comes back in."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from likeness.engine.faces import Face, FaceBox, FaceReader, overlap
from likeness.engine.photos import head_mask, head_square

AROUND = 4.0
"""Side of what is looked at to find a face exactly, in sides of the face."""

INNER, OUTER = 0.75, 1.1
"""Shares of the head's radius between which the new drawing fades out: behind the head it would be
seen against a plain sky."""

EDGE = 0.1
"""Share of the square's side over which it fades out at its edges."""

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Closeup:
    """A square of a picture around a face: left, top and side in px of the picture, and the face in
    px of the square."""

    left: int
    top: int
    side: int
    face: FaceBox

    @classmethod
    def around(cls, face: FaceBox, scale: float, picture: Image.Image) -> Self:
        """The square of `scale` sides of the face, from brows to chin, around a face of a picture,
        or as much of it as fits."""
        left, top, side = (int(part) for part in head_square(face, scale, *picture.size))
        return cls(left, top, side, FaceBox(face.x - left, face.y - top, face.side))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        return self.left, self.top, self.left + self.side, self.top + self.side

    def blended(self, picture: Image.Image, new: Image.Image) -> Image.Image:
        """The picture (RGB) with the head of `new`, which shows what the square does and has its
        size, in the colours that the head had, and with soft edges."""
        mask = self._mask()
        before = np.asarray(picture.crop(self.box).convert("RGB"), np.float32)
        after = _coloured(np.asarray(new, np.float32), before, mask)
        mixed = before + mask * (after - before)
        whole = picture.convert("RGB")
        whole.paste(Image.fromarray(mixed.clip(0, 255).round().astype(np.uint8)), self.box)
        return whole

    def _mask(self) -> Pixels:
        """(side, side, 1): 1 on the head, 0 around it and at the edges of the square."""
        middles = (np.arange(self.side, dtype=np.float32) + 0.5) / self.side
        fade = (np.minimum(middles, 1 - middles) / EDGE).clip(0, 1)
        head = head_mask(self.face, self.side, INNER, OUTER).numpy()
        return (head * fade[None, :] * fade[:, None])[:, :, None]


def find_face(reader: FaceReader, picture: Image.Image) -> FaceBox | None:
    """The largest face; where none is as large as an eighth of the picture, the surest of those
    that are half as large."""
    width, height = picture.width // 2, picture.height // 2
    seen = reader.find(picture)[:1] or [
        _moved(face, left, top)
        for left in (0, width // 2, width)
        for top in (0, height // 2, height)
        for face in reader.find(picture.crop((left, top, left + width, top + height)))
    ]
    if not seen:
        return None
    rough = max(seen, key=lambda face: face.score).box
    # The reader takes a small face for a larger one; closer, it does not.
    closer = Closeup.around(rough, AROUND, picture)
    near = reader.find(picture.crop(closer.box))
    again = [_moved(face, closer.left, closer.top).box for face in near]
    return max(again, key=lambda box: overlap(box, rough), default=rough)


def _moved(face: Face, x: float, y: float) -> Face:
    box = replace(face.box, x=face.box.x + x, y=face.box.y + y)
    return replace(face, box=box, landmarks=tuple((a + x, b + y) for a, b in face.landmarks))


def _coloured(pixels: Pixels, like: Pixels, mask: Pixels) -> Pixels:
    """`pixels` with the mean and the spread that each colour has in `like`, where the mask is."""
    (mean, spread), (wanted_mean, wanted_spread) = _moments(pixels, mask), _moments(like, mask)
    contrast = (wanted_spread / np.maximum(spread, 1)).clip(0.8, 1.25)
    return (pixels - mean) * contrast + wanted_mean


def _moments(pixels: Pixels, mask: Pixels) -> tuple[Pixels, Pixels]:
    share = mask / max(float(mask.sum()), 1e-6)  # a head may lie beyond the picture's edge
    mean = (pixels * share).sum(axis=(0, 1))
    return mean, np.sqrt(((pixels - mean) ** 2 * share).sum(axis=(0, 1)))
