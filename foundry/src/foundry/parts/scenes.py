"""Scenes to find faces in: renders cut, turned, shrunk and pasted onto anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from foundry.dataset import Dataset, Entry, Pixels
from foundry.parts.textures import texture
from foundry.portraits.draw import between, pick
from foundry.training.wear import Wear, worn
from likeness.engine.face_alignment import MIRRORED, NOTHING, Points

SMALLEST, LARGEST = 0.11, 0.95  # of a face's side, in shares of the scene's
CERTAIN, GONE = 0.55, 0.15  # visible shares from which a face counts, and below which it does not


@dataclass(frozen=True)
class Labelled:
    """A face in px of the picture: centre, side, landmarks (5, 2), and the share that is seen."""

    x: float
    y: float
    side: float
    landmarks: Points
    seen: float = 1.0


@dataclass(frozen=True)
class Scene:
    """A picture (side, side, 3), the faces in it, and those that are neither there nor not."""

    pixels: Pixels
    faces: Sequence[Labelled]
    unsure: Sequence[Labelled]


def label(entry: Entry, size: int) -> Labelled:
    """The face of a rendered picture of `size` px."""
    x, y, side = entry.face
    return Labelled(x * size, y * size, side * size, np.array(entry.landmarks) * size)


def mirrored(picture: Pixels, face: Labelled) -> tuple[Pixels, Labelled]:
    width = picture.shape[1]
    spots = face.landmarks[list(MIRRORED)] * (-1, 1) + (width, 0)
    flipped = np.ascontiguousarray(picture[:, ::-1])
    return flipped, replace(face, x=width - face.x, landmarks=spots)


def draw_scene(rng: Generator, data: Dataset, side: int, wear: Wear) -> Scene:
    """A scene of `side` px: a render seen closer, or a few of them pasted on a texture; worn."""
    kind = pick(rng, {"closer": 0.4, "one": 0.3, "several": 0.18, "none": 0.12})
    if kind == "closer":
        pixels, faces = _closer(rng, data, side)
    else:
        pixels, faces = texture(rng, data, side), []
        count = {"one": 1, "several": int(rng.integers(2, 5)), "none": 0}[kind]
        for _ in range(count):
            pixels, faces = _with_another(rng, data, pixels, faces, count)
    if rng.random() < 0.15:
        pixels, faces = _obstructed(rng, data, pixels, faces)
    pixels, faces = _barred(rng, worn(pixels, rng, wear), faces)
    return Scene(
        pixels,
        [face for face in faces if face.seen >= CERTAIN],
        [face for face in faces if GONE <= face.seen < CERTAIN],
    )


def _drawn(rng: Generator, data: Dataset) -> tuple[Pixels, Labelled]:
    index = int(rng.integers(len(data)))
    picture, face = data.pictures([index])[0], label(data.entries[index], data.size)
    return mirrored(picture, face) if rng.random() < 0.5 else (picture, face)


def _closer(rng: Generator, data: Dataset, side: int) -> tuple[Pixels, list[Labelled]]:
    """A part of a render that fills the scene."""
    picture, face = _drawn(rng, data)
    smallest = side / data.size
    zoom = np.exp(between(rng, np.log(smallest), np.log(max(smallest, LARGEST * side / face.side))))
    shown = side / zoom
    centre = _place(rng, zoom * face.side, side)
    corner = np.clip((face.x, face.y) - centre / zoom, 0, data.size - shown)
    matrix = np.array([[zoom, 0, -zoom * corner[0]], [0, zoom, -zoom * corner[1]]])
    pixels, face = moved(picture, face, matrix, side)
    return pixels, [_seen_within(face, side, side)]


def _with_another(
    rng: Generator, data: Dataset, pixels: Pixels, faces: list[Labelled], count: int
) -> tuple[Pixels, list[Labelled]]:
    """One more render pasted, as it is or with soft edges around the head."""
    side = len(pixels)
    picture, face = _drawn(rng, data)
    largest = LARGEST if count == 1 else 0.5
    wanted = side * np.exp(between(rng, np.log(SMALLEST), np.log(largest)))
    zoom = wanted / face.side
    turn = np.deg2rad(np.clip(rng.normal(0, 12), -40, 40))
    linear = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shift = _place(rng, wanted, side) - linear @ (face.x, face.y)
    matrix = np.concatenate([linear, shift[:, None]], axis=1)
    mask = _mask(rng, face, data.size)
    piece, placed = moved(picture, face, matrix, side)
    cover = cv2.warpAffine(mask, matrix, (side, side))[..., None]
    hidden = [_hidden(other, cover[..., 0]) for other in faces]
    mixed = pixels + cover * (piece.astype(np.float32) - pixels)
    return mixed.astype(np.uint8), [*hidden, _seen_within(placed, side, side)]


def _mask(rng: Generator, face: Labelled, size: int) -> np.ndarray:
    """How much of a render is pasted, 0..1: all, or an oval around the head."""
    if rng.random() < 0.5:
        return np.ones((size, size), np.float32)
    y, x = np.mgrid[:size, :size].astype(np.float32)
    reach = face.side * between(rng, 0.8, 1.6)
    away = np.hypot((x - face.x) / reach, (y - face.y) / (1.25 * reach))
    softness = between(rng, 0.05, 0.5)
    return np.clip((1 - away) / softness, 0, 1).astype(np.float32)


def moved(
    picture: Pixels, face: Labelled, matrix: Points, side: int, border: int = cv2.BORDER_CONSTANT
) -> tuple[Pixels, Labelled]:
    """What `matrix` (2, 3), a similarity, makes of a picture and its face."""
    linear, shift = matrix[:, :2], matrix[:, 2]
    zoom = float(np.hypot(*linear[:, 0]))
    x, y = (linear @ (face.x, face.y) + shift).tolist()
    placed = Labelled(x, y, zoom * face.side, face.landmarks @ linear.T + shift)
    if zoom < 0.7:  # else single pixels would be picked
        size = max(4, round(len(picture) * zoom))
        linear = linear * (len(picture) / size)
        shrunk = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        picture = np.asarray(shrunk, np.uint8)
    # OpenCV counts from the middle of the first pixel.
    shift = shift + linear @ (0.5, 0.5) - 0.5
    matrix = np.concatenate([linear, shift[:, None]], axis=1)
    pixels = cv2.warpAffine(picture, matrix, (side, side), borderMode=border, borderValue=NOTHING)
    return np.asarray(pixels, np.uint8), placed


def _place(rng: Generator, face: float, side: int) -> Points:
    """A centre that leaves at least three quarters of a face's width in the scene."""
    reach = max(0.0, side / 2 - face / 4)
    return side / 2 + reach * rng.uniform(-1, 1, 2)


def _obstructed(
    rng: Generator, data: Dataset, pixels: Pixels, faces: list[Labelled]
) -> tuple[Pixels, list[Labelled]]:
    """Something in front of it all."""
    side = len(pixels)
    cover = np.zeros((side, side), np.float32)
    centre = rng.integers(side, size=2).tolist()
    axes = rng.integers(max(2, side // 16), max(3, side // 4), size=2).tolist()
    cv2.ellipse(cover, centre, axes, between(rng, 0, 180), 0, 360, 1.0, -1)
    pixels = pixels.copy()
    pixels[cover > 0] = texture(rng, data, side)[cover > 0]
    return pixels, [_hidden(face, cover) for face in faces]


def _barred(rng: Generator, pixels: Pixels, faces: list[Labelled]) -> tuple[Pixels, list[Labelled]]:
    """As oblong photos are looked at: with nothing to the right or below."""
    side = len(pixels)
    if rng.random() < 0.6:
        return pixels, faces
    kept = round(side * between(rng, 0.5, 1))
    width, height = (kept, side) if rng.random() < 0.5 else (side, kept)
    pixels = pixels.copy()
    pixels[height:], pixels[:, width:] = NOTHING, NOTHING
    return pixels, [_seen_within(face, width, height) for face in faces]


def _seen_within(face: Labelled, width: int, height: int) -> Labelled:
    half = face.side / 2
    across = min(width, face.x + half) - max(0.0, face.x - half)
    down = min(height, face.y + half) - max(0.0, face.y - half)
    return replace(face, seen=min(face.seen, max(0.0, across) * max(0.0, down) / face.side**2))


def _hidden(face: Labelled, cover: np.ndarray) -> Labelled:
    side, half = len(cover), face.side / 2
    left, top = (int(np.clip(at - half, 0, side - 1)) for at in (face.x, face.y))
    right, bottom = (int(np.clip(at + half, 0, side - 1)) + 1 for at in (face.x, face.y))
    left_over = 1 - float(cover[top:bottom, left:right].mean())
    return replace(face, seen=face.seen * left_over)
