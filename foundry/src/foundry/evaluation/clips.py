"""What one clip of a held-out person is worth, beside the render that begins as it does."""

import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, cast

import av
import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from foundry.dataset import Pixels
from foundry.footage import Take
from foundry.judge import Judge, Opinion
from foundry.networks.motion_judge import MotionJudge
from foundry.parts.motion_judge import as_rows
from likeness.engine.acting.motion import KINDS
from likeness.engine.between import flow_between
from likeness.media.video import save_video

STILL = 4
"""Differences, of 255, up to which a pixel of a render is where it was."""

MARGIN = 8
"""px by which what never moves must be away from what does: as wide as the patches that optical
flow compares, in which what moves beside them moves, too."""

ENOUGH = 0.05
"""The least share of the picture that must never move, for it to be measured."""

Mask = NDArray[np.bool_]
T = TypeVar("T")


class ClipFigures(BaseModel):
    """`moved`: how far the face's landmarks get from where they are in the first frame, in widths
    of the face, at most; `drift`: the mean optical flow in px from frame to frame where the render
    stands still, at most, and `flicker` the mean difference of such pixels, of 255, in the encoded
    video (None where the camera moves, or nothing stands still); `likeness`: of each frame's face
    to the first one's, a cosine; `said`: which movement the judge is surest of. Each for what was
    drawn and for the render; `seconds` is how long drawing took."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    asked: tuple[str, ...]
    seconds: float
    moved: tuple[float, float]
    drift: tuple[float, float] | None
    flicker: tuple[float, float] | None
    likeness: tuple[tuple[float, ...], tuple[float, ...]]
    said: tuple[str, str]

    @property
    def recognised(self) -> tuple[bool, bool]:
        """Whether what was asked is what the judge sees."""
        return self.said[0] in self.asked, self.said[1] in self.asked


@dataclass(frozen=True)
class Clips:
    """Frames (frames, side, side, 3) that were drawn, and those of the render."""

    take: Take
    drawn: Pixels
    rendered: Pixels

    def figures(
        self, prompt: str, seconds: float, judge: Judge, motion_judge: MotionJudge
    ) -> ClipFigures:
        """All that is measured of them."""
        both = self.drawn, self.rendered
        opinions = [judge.look(frames) for frames in both]
        stands = self._standing()
        drifts = flickers = None
        if stands is not None:
            drifts = _pair([drift(one, stands) for one in both])
            flickers = _pair([flicker(as_seen(one), stands) for one in both])
        return ClipFigures(
            prompt=prompt,
            asked=self.take.motion.kinds,
            seconds=seconds,
            moved=_pair([_moved(one, self.take.face[0][2]) for one in opinions]),
            drift=drifts,
            flicker=flickers,
            likeness=_pair([_likeness(one) for one in opinions]),
            said=_pair([said(motion_judge, one) for one in opinions]),
        )

    def _standing(self) -> Mask | None:
        """Where the render stands still, if that is enough to be measured."""
        if self.take.motion.camera != "still":
            return None
        stands = standing(self.rendered)
        return stands if float(stands.mean()) > ENOUGH else None


def _pair(values: list[T]) -> tuple[T, T]:
    one, other = values
    return one, other


def standing(frames: Pixels) -> Mask:
    """Where nothing ever moves, some px away from what does."""
    away = np.abs(frames.astype(np.int16) - frames[:1]).max(axis=(0, 3))
    moves = (away > STILL).astype(np.uint8)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * MARGIN + 1, 2 * MARGIN + 1))
    return cv2.dilate(moves, reach) == 0


def drift(frames: Pixels, stands: Mask) -> float:
    """How far, in px, what should stand still goes from one frame to the next, at most."""
    steps = pairwise(frames)
    lengths = [np.linalg.norm(flow_between(one, other), axis=2)[stands] for one, other in steps]
    return float(max(length.mean() for length in lengths))


def flicker(frames: Pixels, stands: Mask) -> float:
    """The mean difference, of 255, between frames of what should stand still."""
    return float(np.abs(np.diff(frames.astype(np.int16), axis=0))[:, stands].mean())


def as_seen(frames: Pixels) -> Pixels:
    """Frames as they come out of the file that a user gets."""
    height, width = frames.shape[1:3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        save_video(frames, path, width, height, audio=False)
        with av.open(path) as container:
            seen = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return np.stack(seen).astype(np.uint8, copy=False)


@torch.inference_mode()
def said(motion_judge: MotionJudge, opinion: Opinion) -> str:
    """The movement that the judge is surest of, by what it sees in a clip's frames."""
    rows = as_rows(opinion, len(opinion.yaw))
    return KINDS[int(motion_judge(rows)[0].argmax())]


def _moved(opinion: Opinion, width: float) -> float:
    away = np.linalg.norm(opinion.landmarks - opinion.landmarks[:1], axis=2)
    return float(away.max() / width)


def _likeness(opinion: Opinion) -> tuple[float, ...]:
    return tuple(cast(list[float], (opinion.embeddings @ opinion.embeddings[0]).tolist()))
