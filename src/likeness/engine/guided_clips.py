"""Clips of the rig's in which a small network paints what turns into view.

The rig moves what was seen in the first picture, sharp and without flicker. What it has not seen
yet, the other cheek, an ear, the side of a neck, takes after what it has. A network that has
learned how people look when they move is shown the clip around the head, at its own size and rate,
and says how the colours there are to change.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from likeness.engine.acted_clips import ActedEngine, Head, Rehearsal
from likeness.engine.between import Pixels
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.guided_pipeline import Floats
from likeness.engine.painter import Painter
from likeness.engine.puppet import Shot

HEADS, BELOW = 2.4, 0.05
"""Widths of a head in the side of the square that the network is shown, and sides by which its
middle is below the face's: as in what it has learned from."""

ENOUGH = 0.002
"""Share of that square which must be new, to be worth painting."""


@dataclass(frozen=True)
class Square:
    """What the network is shown of a picture, in px: it may reach beyond the picture, whose edge
    goes on there."""

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, head: Head) -> "Square":
        """The square around a head."""
        side = round(HEADS * head.width)
        return cls(round(head.x - side / 2), round(head.y + BELOW * side - side / 2), side)

    def of(self, whole: NDArray[Any]) -> NDArray[Any]:
        """What is seen in it of a picture or a mask (height, width, …)."""
        (top, bottom), (left, right) = self._beyond(whole)
        part = np.ascontiguousarray(whole[self.inside(whole)])
        return cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_REPLICATE)

    def inside(self, whole: NDArray[Any]) -> tuple[slice, slice]:
        """The rows and columns of a picture that are in it."""
        height, width = whole.shape[:2]
        rows = slice(max(0, self.top), min(height, self.top + self.side))
        return rows, slice(max(0, self.left), min(width, self.left + self.side))

    def within(self, square: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
        """What is in a picture of something as large as the square."""
        (top, bottom), (left, right) = self._beyond(whole)
        return square[top : self.side - bottom, left : self.side - right]

    def _beyond(self, whole: NDArray[Any]) -> tuple[tuple[int, int], tuple[int, int]]:
        """By how much it reaches beyond a picture: above and below, left and right."""
        rows, columns = self.inside(whole)
        return (
            (rows.start - self.top, self.top + self.side - rows.stop),
            (columns.start - self.left, self.left + self.side - columns.stop),
        )


@dataclass(frozen=True)
class Glance:
    """What the network is shown of a moment, as small as it knows pictures, and how much of that is
    `new`."""

    guide: Pixels
    new: Floats

    def painted(self, change: Floats) -> "Glance":
        """The same, nothing of which is new any more."""
        whole = np.clip(np.rint(self.guide + self.new[..., None] * change), 0, 255)
        return Glance(whole.astype(np.uint8), np.zeros_like(self.new))


class GuidedEngine:
    """Makes clips with an engine that acts, and the pipeline in a diffusers folder.

    `device` and what is raised as `Painter` has them.
    """

    def __init__(self, folder: Path, device: str, acting: ActedEngine) -> None:
        self.name = acting.name
        self._painter = Painter(folder, device)
        self._acting = acting

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        yield from self.complete(self._acting.rehearse(request, report), request)

    def complete(self, rehearsal: Rehearsal, request: ClipRequest) -> Iterator[Pixels]:
        """A clip that was rehearsed for a request, with what is new in it painted. Raises as `clip`
        does."""
        if rehearsal.head is None:
            yield from (shot.picture for shot in rehearsal.shots)
            return
        square = Square.around(rehearsal.head)
        first = next(rehearsal.shots)
        yield first.picture
        begins = self._glance(first, square)
        before = [begins]
        change = np.zeros(begins.guide.shape, np.float32)
        for shots, places in self._windows(request, rehearsal.shots):
            glances = [self._glance(shots[place], square) for place in places]
            changes = self._changes(request.prompt, begins, before, glances)
            yield from _changed(shots, places, [change, *changes], square)
            after = [one.painted(by) for one, by in zip(glances, changes, strict=True)]
            before, change = [*before, *after][-len(glances) :], changes[-1]

    def _windows(
        self, request: ClipRequest, shots: Iterator[Shot]
    ) -> Iterator[tuple[list[Shot], list[int]]]:
        """All shots but the first, and the places among them, the last of all included, of which
        the network is shown. It sees the first picture in each window, so that faces stay the same,
        and the last one of the window before."""
        manifest = self._painter.manifest
        moments = max(1, min(request.frames - 1, math.ceil(request.seconds * manifest.rate)))
        places, room = request.places(moments), manifest.window - 2
        for start in range(0, moments, room):
            began, *others = places[start : start + room + 1]
            yield list(islice(shots, others[-1] - began)), [place - began - 1 for place in others]

    def _changes(
        self, prompt: str, begins: Glance, before: Sequence[Glance], glances: Sequence[Glance]
    ) -> list[Floats]:
        """How colours change at each of some moments that follow those before."""
        if all(float(glance.new.mean()) <= ENOUGH for glance in glances):
            return [np.zeros(begins.guide.shape, np.float32)] * len(glances)
        missing = self._painter.manifest.window - 2 - len(glances)
        shown = [begins, *before[-1 - missing :], *glances]
        guide, new = (np.stack([getattr(one, what) for one in shown]) for what in ("guide", "new"))
        return list(self._painter.paint(prompt, guide, new)[-len(glances) :])

    def _glance(self, shot: Shot, square: Square) -> Glance:
        side = self._painter.manifest.side

        def small(part: NDArray[Any]) -> NDArray[Any]:
            return cv2.resize(square.of(part), (side, side), interpolation=cv2.INTER_AREA)

        return Glance(small(shot.picture), small(shot.unseen))


def _changed(
    shots: Sequence[Shot], places: Sequence[int], changes: Sequence[Floats], square: Square
) -> Iterator[Pixels]:
    """Shots whose colours change where they are new, as at the place before them and at `places`
    among them."""
    ends = zip(pairwise([-1, *places]), pairwise(changes), strict=True)
    for (start, stop), (before, after) in ends:
        for place in range(start + 1, stop + 1):
            shot, share = shots[place], (place - start) / (stop - start)
            picture = shot.picture.copy()
            inside = square.inside(picture)
            part, new = picture[inside], shot.unseen[inside][..., None]
            if new.any():
                change = cv2.resize(
                    before + share * (after - before),
                    (square.side, square.side),
                    interpolation=cv2.INTER_CUBIC,
                )
                part[:] = np.clip(np.rint(part + new * square.within(change, picture)), 0, 255)
            yield picture
