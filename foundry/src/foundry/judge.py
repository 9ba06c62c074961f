"""What the judge has to say about pictures of one person each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from foundry.dataset import Pixels
from foundry.networks.judge import ALIGNED, LOOKED_AT, JudgeNetwork
from foundry.parts.judge import load_judge
from foundry.pictures import to_tensor
from foundry.questions import QUESTIONS
from likeness.engine.face_alignment import align

AT_ONCE = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Opinion:
    """Of n pictures: `embeddings` (n, 256) of length 1, whose dot products tell people apart;
    `features` (n, 192) for a Fréchet distance; `places` (n, 1152), what is seen where in the face,
    aligned; `probabilities` (n, answers) for each of QUESTIONS;
    `yaw` (n) in degrees; `landmarks` (n, 5, 2) in shares of the picture's side."""

    embeddings: Floats
    features: Floats
    places: Floats
    probabilities: Mapping[str, Floats]
    yaw: Floats
    landmarks: Floats

    def answers(self, question: str) -> list[str]:
        """The likeliest answer about each picture."""
        names = QUESTIONS[question]
        return [names[best] for best in self.probabilities[question].argmax(axis=1)]


class Judge:
    """Looks at square pictures of any size with exactly one face."""

    def __init__(self, network: JudgeNetwork, device: torch.device) -> None:
        self._network = network.requires_grad_(False).eval().to(device)
        self._device = device

    @classmethod
    def load(cls, run: Path, device: torch.device | None = None) -> Self:
        """The judge that a run trained so far."""
        return cls(load_judge(run), device or torch.device("cpu"))

    def look(self, pictures: Pixels) -> Opinion:
        """`pictures` (n, side, side, 3) uint8, sRGB."""
        parts = [self._look(pictures[n : n + AT_ONCE]) for n in range(0, len(pictures), AT_ONCE)]

        def joined(values: list[Floats]) -> Floats:
            return np.concatenate(values)

        return Opinion(
            embeddings=joined([part.embeddings for part in parts]),
            features=joined([part.features for part in parts]),
            places=joined([part.places for part in parts]),
            probabilities={
                name: joined([part.probabilities[name] for part in parts]) for name in QUESTIONS
            },
            yaw=joined([part.yaw for part in parts]),
            landmarks=joined([part.landmarks for part in parts]),
        )

    @torch.inference_mode()
    def _look(self, pictures: Pixels) -> Opinion:
        small = np.stack([_resized(picture) for picture in pictures])
        seen = self._network.viewer(to_tensor(small, self._device))
        landmarks = seen.landmarks.cpu().numpy()
        size = pictures.shape[1]
        crops = np.stack(
            [
                align(picture, spots.astype(np.float64) * size, ALIGNED)
                for picture, spots in zip(pictures, landmarks, strict=True)
            ]
        )
        faces = to_tensor(crops, self._device)
        known = self._network.knower(torch.cat([faces, faces.flip(-1)]))
        one, other = known.embeddings.chunk(2)
        close = {
            name: torch.stack(said.chunk(2)).mean(dim=0) for name, said in known.logits.items()
        }
        logits = {**seen.logits, **close}
        return Opinion(
            embeddings=normalize(one + other, dim=1).cpu().numpy(),
            features=seen.features.cpu().numpy(),
            places=known.places[: len(faces)].cpu().numpy(),
            probabilities={name: logits[name].softmax(dim=1).cpu().numpy() for name in QUESTIONS},
            yaw=seen.yaw.cpu().numpy(),
            landmarks=landmarks,
        )


def _resized(picture: Pixels) -> Pixels:
    if len(picture) == LOOKED_AT:
        return picture
    method = cv2.INTER_AREA if len(picture) > LOOKED_AT else cv2.INTER_CUBIC
    small = cv2.resize(picture, (LOOKED_AT, LOOKED_AT), interpolation=method)
    return np.asarray(small, np.uint8)
