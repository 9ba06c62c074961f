"""Pictures without a face in them."""

import cv2
import numpy as np
from numpy.random import Generator

from foundry.dataset import Dataset, Pixels
from foundry.portraits.draw import between, pick

AROUND = 0.95  # half of the square around a face that holds all of the head, in sides of the face
PIECE = 8  # px


def texture(rng: Generator, data: Dataset, side: int) -> Pixels:
    """(side, side, 3): what a render shows beside the head, clouds, scattered pieces, or round
    things of a face's colours: cups and balls must not pass for faces."""
    kind = pick(rng, {"beside": 0.4, "clouds": 0.2, "pieces": 0.15, "rounds": 0.25})
    if kind == "clouds":
        return _clouds(rng, side)
    index = int(rng.integers(len(data)))
    picture = data.pictures([index])[0]
    face = data.entries[index].face
    match kind:
        case "pieces":
            pixels = _pieces(rng, picture)
        case "rounds":
            pixels = _rounds(rng, picture, face)
        case _:
            pixels = _beside(rng, picture, face)
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


def _rounds(rng: Generator, picture: Pixels, face: tuple[float, float, float]) -> Pixels:
    """Ellipses in colours of a face and its surroundings, some within others, softly shaded."""
    size = len(picture)
    x, y, side = (value * size for value in face)
    pixels = _clouds(rng, size)
    middle, axes = rng.uniform(0.2, 0.8, 2) * size, rng.uniform(0.15, 0.6, 2) * size
    for _ in range(int(rng.integers(1, 7))):
        if rng.random() < 0.5:
            axes = axes * rng.uniform(0.3, 0.95)
            middle = middle + rng.normal(0, 0.15, 2) * axes
        else:
            middle, axes = rng.uniform(0, 1, 2) * size, rng.uniform(0.05, 0.4, 2) * size
        spot = np.clip(rng.normal((x, y), 0.3 * side), 0, size - 1).astype(int)
        light = rng.uniform(0.6, 1.3)
        colour = np.clip(picture[spot[1], spot[0]] * light, 0, 255).tolist()
        turn = between(rng, 0, 180)
        cover = np.zeros((size, size), np.float32)
        whole = (middle.astype(int).tolist(), np.maximum(axes, 1).astype(int).tolist())
        cv2.ellipse(cover, *whole, turn, 0, 360, 1.0, -1)
        cover = cv2.GaussianBlur(cover, (0, 0), between(rng, 0.3, 0.08 * size))[..., None]
        pixels = (pixels + cover * (np.array(colour) - pixels)).astype(np.uint8)
    return pixels


def _pieces(rng: Generator, picture: Pixels) -> Pixels:
    """A render cut into small squares, in any order."""
    count = len(picture) // PIECE
    whole = picture[: count * PIECE, : count * PIECE]
    squares = (
        whole.reshape(count, PIECE, count, PIECE, 3).swapaxes(1, 2).reshape(-1, PIECE, PIECE, 3)
    )
    squares = rng.permutation(squares).reshape(count, count, PIECE, PIECE, 3)
    return np.ascontiguousarray(squares.swapaxes(1, 2).reshape(whole.shape))
