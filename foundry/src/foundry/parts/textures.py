"""Pictures without a face in them."""

import cv2
import numpy as np
from numpy.random import Generator

from foundry.dataset import Dataset, Pixels
from foundry.portraits.draw import pick

AROUND = 0.95  # half of the square around a face that holds all of the head, in sides of the face
PIECE = 8  # px


def texture(rng: Generator, data: Dataset, side: int) -> Pixels:
    """(side, side, 3): what a render shows beside the head, clouds, or scattered pieces."""
    kind = pick(rng, {"beside": 0.5, "clouds": 0.3, "pieces": 0.2})
    if kind == "clouds":
        return _clouds(rng, side)
    index = int(rng.integers(len(data)))
    picture = data.pictures([index])[0]
    pixels = _pieces(rng, picture) if kind == "pieces" else None
    if kind == "beside":
        pixels = _beside(rng, picture, data.entries[index].face)
    if pixels is None:
        return _clouds(rng, side)
    return np.asarray(cv2.resize(pixels, (side, side)), np.uint8)


def _beside(rng: Generator, picture: Pixels, face: tuple[float, float, float]) -> Pixels | None:
    """A rectangle above, below, left or right of the head, if there is any."""
    size = len(picture)
    x, y, side = (value * size for value in face)
    left, right = int(x - AROUND * side), int(x + AROUND * side)
    top, bottom = int(y - AROUND * side), int(y + AROUND * side)
    rests = [
        picture[:, : max(0, left)],
        picture[:, max(0, right) :],
        picture[: max(0, top)],
        picture[max(0, bottom) :],
    ]
    rests = [rest for rest in rests if min(rest.shape[:2]) >= size // 10]
    return pick(rng, rests) if rests else None


def _clouds(rng: Generator, side: int) -> Pixels:
    """Colours that vary at a random scale; often hardly."""
    count = int(rng.integers(1, 33))
    spread = rng.choice([5, 20, 80])
    coarse = rng.normal(rng.uniform(0, 255, 3), spread, (count, count, 3)).clip(0, 255)
    return np.asarray(
        cv2.resize(coarse.astype(np.uint8), (side, side), interpolation=cv2.INTER_CUBIC), np.uint8
    )


def _pieces(rng: Generator, picture: Pixels) -> Pixels:
    """A render cut into small squares, in any order."""
    count = len(picture) // PIECE
    whole = picture[: count * PIECE, : count * PIECE]
    squares = (
        whole.reshape(count, PIECE, count, PIECE, 3).swapaxes(1, 2).reshape(-1, PIECE, PIECE, 3)
    )
    squares = rng.permutation(squares).reshape(count, count, PIECE, PIECE, 3)
    return np.ascontiguousarray(squares.swapaxes(1, 2).reshape(whole.shape))
