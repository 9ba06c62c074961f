"""Clips of the rig's in which a small pipeline paints what turns into view.

The rig moves what was seen in the first picture, sharp and without flicker. What it has not seen
yet, the other cheek, an ear, the side of a neck, is painted by a network that has learned how
people look when they move. It is shown the clip around the head, at its own size and rate, as a
guide.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from likeness.engine.acted_clips import ActedEngine, Head, Rehearsal
from likeness.engine.between import Pixels, between
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.painter import Painter
from likeness.engine.puppet import Shot
from likeness.engine.surroundings import spread
from likeness.engine.upscaling import Upscaler

HEADS, BELOW = 2.4, 0.05
"""Widths of a head in the side of the square that the network is shown, and sides by which its
middle is below the face's: as in what it has learned from."""

ENOUGH = 0.002
"""Share of that square which must be new, to be worth painting."""

KNOWN = 0.05
"""How much that is new, up to which a pixel counts as known."""


@dataclass(frozen=True)
class Square:
    """The part of a picture, in px, that the network is shown."""

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, head: Head, width: int, height: int) -> "Square":
        """The square around a head, within the picture."""
        side = min(width, height, round(HEADS * head.width))
        left, top = (
            int(np.clip(round(spot - side / 2), 0, most - side))
            for spot, most in ((head.x, width), (head.y + BELOW * side, height))
        )
        return cls(left, top, side)

    def of(self, whole: NDArray[Any]) -> NDArray[Any]:
        """The part of a picture or a mask (height, width, …), where it lies."""
        return whole[self.top : self.top + self.side, self.left : self.left + self.side]


@dataclass(frozen=True)
class Window:
    """Shots that follow each other, and at which `places` of them, the last among them, there are
    pictures that the network draws."""

    shots: Sequence[Shot]
    places: Sequence[int]

    @property
    def keys(self) -> list[Shot]:
        """The shots at those places."""
        return [self.shots[place] for place in self.places]


class GuidedEngine:
    """Makes clips with an engine that acts, and the pipeline in a diffusers folder.

    `device` and what is raised as `Painter` has them; `upscaler` enlarges what is painted.
    """

    def __init__(self, folder: Path, device: str, acting: ActedEngine, upscaler: Upscaler) -> None:
        self.name = acting.name
        self._painter = Painter(folder, device)
        self._acting = acting
        self._upscaler = upscaler

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        yield from self.complete(self._acting.rehearse(request, report), request, report)

    def complete(
        self, rehearsal: Rehearsal, request: ClipRequest, report: Report
    ) -> Iterator[Pixels]:
        """A clip that was rehearsed for a request, with what is new in it painted. Raises as `clip`
        does."""
        if rehearsal.head is None:
            yield from (shot.picture for shot in rehearsal.shots)
            return
        first = next(rehearsal.shots).picture
        yield first
        square = Square.around(rehearsal.head, request.width, request.height)
        shown = square.of(first)
        begins = self._small(shown)
        known = [begins]
        generator = torch.Generator().manual_seed(request.seed)
        for done, window in self._windows(request, rehearsal.shots):
            if _has_new(window, square):
                keys = self._painted(
                    request.prompt,
                    known,
                    window,
                    square,
                    generator,
                    # A step is no picture, but whoever waits may want to leave.
                    lambda done=done: report("moving", done, request.frames),
                )
                large = [shown, *(self._large(key, square.side) for key in keys)]
                yield from _inserted(window, square, large)
                before, shown = keys[-1], large[-1]
            else:
                yield from (shot.picture for shot in window.shots)
                shown = square.of(window.shots[-1].picture)
                before = self._small(shown)
            known = [begins, before]

    def _windows(self, request: ClipRequest, shots: Iterator[Shot]) -> Iterator[tuple[int, Window]]:
        """All shots but the first, and after how many each window begins. All windows have the
        first picture, so that faces stay the same; the second of the others is the last of the one
        before."""
        manifest = self._painter.manifest
        moments = max(1, min(request.frames - 1, math.ceil(request.seconds * manifest.rate)))
        places = request.places(moments)
        start, most = 0, manifest.window - 1
        while start < moments:
            stop = min(start + most, moments)
            some = list(islice(shots, places[stop] - places[start]))
            yield (
                places[start] + 1,
                Window(some, [place - places[start] - 1 for place in places[start + 1 : stop + 1]]),
            )
            start, most = stop, manifest.window - 2

    def _painted(
        self,
        prompt: str,
        known: Sequence[Pixels],
        window: Window,
        square: Square,
        generator: torch.Generator,
        on_step: Callable[[], None],
    ) -> list[Pixels]:
        """The window's pictures as small as the network knows them: as the rig has them, and where
        they are new as it draws them, with the colours of what is beside that."""
        guide = [self._small(square.of(key.picture)) for key in window.keys]
        drawn = self._painter.paint(prompt, known, guide, generator, on_step)
        painted: list[Pixels] = []
        for key, was, now in zip(window.keys, guide, drawn, strict=True):
            seen = self._small(square.of(key.unseen)) < KNOWN
            off = was.astype(np.float32) - now
            painted.append(np.clip(np.rint(now + spread(off, seen)), 0, 255).astype(np.uint8))
        return painted

    def _small(self, part: NDArray[Any]) -> NDArray[Any]:
        side = self._painter.manifest.side
        return cv2.resize(np.ascontiguousarray(part), (side, side), interpolation=cv2.INTER_AREA)

    def _large(self, picture: Pixels, side: int) -> Pixels:
        enlarged = self._upscaler.reach(Image.fromarray(picture), side, side)
        resized = enlarged.resize((side, side), Image.Resampling.LANCZOS)
        return np.asarray(resized)


def _has_new(window: Window, square: Square) -> bool:
    """Whether anything turns into view in it."""
    return any(float(square.of(shot.unseen).mean()) > ENOUGH for shot in window.shots)


def _inserted(window: Window, square: Square, painted: Sequence[Pixels]) -> Iterator[Pixels]:
    """The window's pictures with what is new in them of the `painted` ones, which are those before
    the window and at its places."""
    ends = pairwise([-1, *window.places])
    for (start, stop), (before, after) in zip(ends, pairwise(painted), strict=True):
        shares = [step / (stop - start) for step in range(1, stop - start)]
        for place, now in enumerate([*between(before, after, shares), after], start=start + 1):
            shot = window.shots[place]
            picture = shot.picture.copy()
            part, new = square.of(picture), square.of(shot.unseen)[..., None]
            part[:] = np.rint(part + new * (now.astype(np.float32) - part))
            yield picture
