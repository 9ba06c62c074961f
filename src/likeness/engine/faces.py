"""Faces in photos: where they are, whose they are, and what is to be seen in them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import normalize

from likeness.bases import find_part
from likeness.engine.device import channels_last
from likeness.engine.face_alignment import NOTHING, Pixels, align, bounds
from likeness.engine.face_network import (
    ALIGNED,
    EXPRESSIONS,
    EYEWEAR,
    LOOKED_AT,
    STRIDE,
    FaceNetwork,
    Sightings,
    fold_norms,
)
from likeness.engine.weights import load_weights

FILE = "faces.safetensors"
SURE = 0.7  # score from which it is a face; of 480 held-out renders none has less than 0.8
SAME = 0.35  # share of two boxes' area, common to both, from which they are one face


@dataclass(frozen=True)
class FaceBox:
    """The square around a face from brows to chin, in px of the photo: its centre and side."""

    x: float
    y: float
    side: float


@dataclass(frozen=True)
class Face:
    """A face in a photo, in px of the photo. `landmarks`: the eyes, the nose tip, the corners of
    the mouth, those on the left of a frontal picture first; `score` in 0..1."""

    box: FaceBox
    landmarks: tuple[tuple[float, float], ...]
    score: float


@dataclass(frozen=True)
class Description:
    """What is known of a face. `embedding` (128) has length 1: the dot product of two tells
    whether they are one person. `man` in 0..1, `age` in years, `yaw` in degrees, positive
    towards the viewer's right; `expression` is one of EXPRESSIONS, or None if none is likelier than
    all others together."""

    embedding: NDArray[np.float32]
    man: float
    age: float
    eyewear: str
    expression: str | None
    yaw: float

    @property
    def gender(self) -> Literal["woman", "man"]:
        return "man" if self.man >= 0.5 else "woman"


class FaceReader:
    """Finds and describes faces; a photo takes some milliseconds on one core."""

    def __init__(self, network: FaceNetwork) -> None:
        """`network` is changed: it can only be evaluated from now on."""
        network.requires_grad_(False).eval()
        fold_norms(network)
        self._network = channels_last(network)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `faces.safetensors` in `folder`. Raises LoadFailed."""
        network = FaceNetwork()
        load_weights(network, folder / FILE)
        return cls(network)

    @torch.inference_mode()
    def find(self, photo: Image.Image) -> list[Face]:
        """All faces of at least an eighth of the photo's longer side, the largest first."""
        scale = LOOKED_AT / max(photo.size)
        width, height = (max(1, round(side * scale)) for side in photo.size)
        seen = Image.new("RGB", (LOOKED_AT, LOOKED_AT), NOTHING)
        seen.paste(photo.convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
        faces = best_faces(self._network.detector(to_tensor(np.asarray(seen)[None])))
        # Sides were rounded to whole pixels.
        factor = (photo.width / width, photo.height / height)
        return [_scaled(face, *factor) for face in faces if _within(face.box, width, height)]

    def largest(self, photo: Image.Image) -> tuple[Face, Description] | None:
        """The largest face of a photo, and what is to be seen in it; None where there is none."""
        faces = self.find(photo)
        return (faces[0], self.describe(photo, faces[0])) if faces else None

    @torch.inference_mode()
    def describe(self, photo: Image.Image, face: Face) -> Description:
        """Whose face it is, by the mean of what is seen in it and in its mirror image."""
        landmarks = np.asarray(face.landmarks)
        left, top, right, bottom = bounds(landmarks, photo.width, photo.height)
        piece = np.asarray(photo.crop((left, top, right, bottom)).convert("RGB"))
        crop = to_tensor(align(piece, landmarks - (left, top), ALIGNED)[None])
        said = self._network.recogniser(torch.cat([crop, crop.flip(-1)]))
        likely = said.expression.mean(dim=0).softmax(dim=0)
        best = int(likely.argmax())
        return Description(
            embedding=normalize(said.embeddings.sum(dim=0), dim=0).numpy(),
            man=float(said.man.mean().sigmoid()),
            age=float(said.age.mean()),
            eyewear=EYEWEAR[int(said.eyewear.sum(dim=0).argmax())],
            expression=EXPRESSIONS[best] if float(likely[best]) >= 0.5 else None,
            yaw=float(said.yaw[0] - said.yaw[1]) / 2,
        )


@cache
def shipped_reader() -> FaceReader:
    """The reader that an installed package brings, loaded once in a process.

    Raises LoadFailed and MissingPart.
    """
    return FaceReader.load(find_part("faces"))


def best_faces(seen: Sightings, picture: int = 0) -> list[Face]:
    """The faces of one picture, in px of it, the largest first; each only once."""
    scores = seen.scores[picture].sigmoid().flatten()
    order = scores.argsort(descending=True)
    chosen: list[Face] = []
    for cell in order[: int((scores >= SURE).sum())].tolist():
        row, column = divmod(cell, seen.scores.shape[2])
        x, y = seen.centres[picture, row, column].tolist()
        box = FaceBox(x, y, float(seen.sides[picture, row, column]))
        if all(overlap(box, other.box) < SAME for other in chosen):
            spots = seen.landmarks[picture, row, column].tolist()
            chosen.append(Face(box, tuple((x, y) for x, y in spots), float(scores[cell])))
    return sorted(chosen, key=lambda face: face.box.side, reverse=True)


def overlap(one: FaceBox, other: FaceBox) -> float:
    """The area that both cover, as a share of the area that either covers."""
    reach = (one.side + other.side) / 2
    width = min(reach - abs(one.x - other.x), one.side, other.side)
    height = min(reach - abs(one.y - other.y), one.side, other.side)
    common = max(0.0, width) * max(0.0, height)
    return common / (one.side**2 + other.side**2 - common)


def to_tensor(pixels: Pixels) -> Tensor:
    """(n, height, width, 3) uint8 to (n, 3, height, width) in −1..1."""
    return torch.from_numpy(pixels.copy()).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def _within(box: FaceBox, width: int, height: int) -> bool:
    """Whether its centre is in the photo, not in what surrounds it."""
    edge = STRIDE
    return -edge < box.x < width + edge and -edge < box.y < height + edge


def _scaled(face: Face, across: float, down: float) -> Face:
    box = FaceBox(face.box.x * across, face.box.y * down, face.box.side * (across + down) / 2)
    spots = tuple((x * across, y * down) for x, y in face.landmarks)
    return Face(box, spots, face.score)
