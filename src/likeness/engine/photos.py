"""From photos to training crops: squares around the head, with the head marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from likeness.bases import TrainingRecipe, view_of
from likeness.engine.faces import Description, FaceBox, FaceReader

# In sides of the face from brows to chin. How far above its middle mini's renders begin, which is
# where the hair ends; and an ellipse from there to below the chin.
CROWN = 1.13
HEAD_WIDTH, HEAD_HEIGHT, HEAD_RISE = 1.45, 1.75, 0.27
INSIDE, OUTSIDE = 1.0, 1.25  # of the ellipse's radius: where the head ends, and what is beyond
# Where no face is found: one in the upper middle of the photo, as portraits mostly have it.
ASSUMED_FACE, ASSUMED_HEIGHT = 0.33, 0.45


@dataclass(frozen=True)
class Crop:
    """A square piece of a photo.

    `pixels` (3, side, side) in -1..1; `head` (side, side) is 1 where the head is, with soft edges;
    `caption` is what follows the person's name and description; `seen` is the photo's largest face,
    if one was found.
    """

    pixels: Tensor
    head: Tensor
    caption: str
    seen: Description | None


def crop_photos(
    photos: Sequence[Path],
    reader: FaceReader,
    recipe: TrainingRecipe,
    on_photo: Callable[[int], None],
) -> list[Crop]:
    """One crop of the recipe's resolution for each of `recipe.crops` from each photo.

    A crop is a `head_square` around the largest face. No photo is mirrored, because faces are not
    symmetric. Where no face is found, one is assumed in the upper middle. `on_photo(n)` is called
    after the nth photo.
    """
    crops: list[Crop] = []
    for number, file in enumerate(photos, start=1):
        with Image.open(file) as opened:
            photo = opened.convert("RGB")
        face, seen = reader.largest(photo) or (None, None)
        box = face.box if face else _assumed(photo)
        crops += [_crop(photo, box, scale, recipe.resolution, seen) for scale in recipe.crops]
        on_photo(number)
    return crops


def person_of(crops: Sequence[Crop]) -> tuple[float, ...]:
    """The direction of the mean embedding of the faces seen, to four digits; empty if none was."""
    seen = [crop.seen.embedding for crop in crops if crop.seen]
    if not seen:
        return ()
    mean = np.mean(seen, axis=0)
    return tuple(round(float(part), 4) for part in mean / np.linalg.norm(mean))


def words_of(description: Description) -> str:
    """What a caption says of a face besides whose it is: what passes, and is not to be learned as
    the person's own."""
    eyewear = "" if description.eyewear == "none" else f"wearing {description.eyewear}"
    parts = (description.expression, eyewear, view_of(description.yaw))
    return ", ".join(part for part in parts if part)


def head_square(
    face: FaceBox, scale: float, width: float, height: float
) -> tuple[float, float, float]:
    """Left, top and side of a square of `scale` sides of a face that begins above the hair; one
    that would reach beyond a photo of `width` × `height` is moved, then shrunk, to fit."""
    side = min(face.side * scale, width, height)
    left = _within(face.x - side / 2, width - side)
    top = _within(face.y - CROWN * face.side, height - side)
    return left, top, side


def head_mask(face: FaceBox, side: int, inner: float = INSIDE, outer: float = OUTSIDE) -> Tensor:
    """Where the head is (side, side): 1 inside an ellipse around it, falling to 0 from `inner` to
    `outer` of its radius."""
    middles = torch.arange(side) + 0.5
    x = (middles - face.x) / (face.side * HEAD_WIDTH / 2)
    y = (middles - face.y + HEAD_RISE * face.side) / (face.side * HEAD_HEIGHT / 2)
    distance = (x[None, :] ** 2 + y[:, None] ** 2).sqrt()
    return ((outer - distance) / (outer - inner)).clamp(0, 1)


def _assumed(photo: Image.Image) -> FaceBox:
    return FaceBox(photo.width / 2, photo.height * ASSUMED_HEIGHT, ASSUMED_FACE * min(photo.size))


def _crop(
    photo: Image.Image, face: FaceBox, scale: float, side: int, seen: Description | None
) -> Crop:
    left, top, length = head_square(face, scale, photo.width, photo.height)
    box = (left, top, left + length, top + length)
    piece = photo.resize((side, side), Image.Resampling.LANCZOS, box=box)
    pixels = torch.from_numpy(np.array(piece, dtype=np.float32)).permute(2, 0, 1) / 127.5 - 1
    zoom = side / length
    here = FaceBox((face.x - left) * zoom, (face.y - top) * zoom, face.side * zoom)
    caption = words_of(seen) if seen else ""
    return Crop(pixels.contiguous(), head_mask(here, side), caption, seen)


def _within(position: float, last: float) -> float:
    return min(max(position, 0.0), last)
