"""Clips from a base that knows only pictures: it draws the first one, and that is moved.

A rig is laid over whoever is in it, and does what the prompt asks for; the picture goes along, with
all its detail. Where nobody is seen, only the camera moves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from likeness.bases.sizes import nearest_size
from likeness.engine.acting.easing import smoothstep
from likeness.engine.acting.expression import unit_weights
from likeness.engine.acting.moment import Moment, mixed
from likeness.engine.acting.moments import clip_moments
from likeness.engine.acting.script import scene_of, write_script
from likeness.engine.between import Pixels, filled
from likeness.engine.camera import panned
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.faces import FaceReader
from likeness.engine.figure import FigureReader
from likeness.engine.framing import framed
from likeness.engine.head_fit import CALM, HeadFit
from likeness.engine.outline import within_outline
from likeness.engine.puppet import Puppet, Shot
from likeness.engine.rig import Rig
from likeness.engine.rig_view import HEAD
from likeness.engine.sampling import Reference, Sampler, SampleRequest
from likeness.engine.upscaling import Upscaler

LIKENESS = 0.5
"""How much stays of a picture that the clip is about but does not begin with."""

NOBODY = Moment(0.0, 0.0, 0.0, 0.0, (0.0, 0.0), unit_weights(CALM), 0.0, 0.0)
"""How somebody is held who is not seen."""

FARTHEST = 30.0
"""Degrees by which a head turns, nods or tilts at most to move as another does."""


@dataclass(frozen=True)
class Head:
    """Where the middle of a face is, and how wide the head, in px."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Rehearsal:
    """A clip as the rig makes it, and the head that moves in it, if there is one, at first."""

    head: Head | None
    shots: Iterator[Shot]


class ActedEngine:
    """Makes clips with the networks that make pictures, and a rig."""

    def __init__(
        self,
        sampler: Sampler,
        upscaler: Upscaler,
        reader: FaceReader,
        rig: Rig,
        figures: FigureReader,
    ) -> None:
        self._sampler = sampler
        self._upscaler = upscaler
        self._reader = reader
        self._rig = rig
        self._figures = figures
        self.name = sampler.base.manifest.name

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        yield from (shot.picture for shot in self.rehearse(request, report).shots)

    def rehearse(self, request: ClipRequest, report: Report) -> Rehearsal:
        """The clip, and what of it nobody has seen. Raises as `clip` does, now or later."""
        first = self._framed(self.beginning(request, report), request)
        puppet = self._puppet(first)
        if request.last is None:
            shots = self._moving(first, puppet, request)
        else:
            shots = self._morphing(first, puppet, self._framed(request.last, request), request)
        head = self._head(puppet.fit) if puppet else None
        return Rehearsal(head, _told(shots, request.frames, report))

    def beginning(self, request: ClipRequest, report: Report) -> Image.Image:
        """A picture to begin the clip with: the one that is given, or one that is drawn. Raises as
        `clip` does."""
        if request.first is not None:
            return request.first.convert("RGB")
        shown = request.reference or request.last
        width, height = nearest_size(self._sampler.base.manifest, request.width, request.height)
        report("sampling", 0, 1)
        (picture,) = self._sampler.sample(
            SampleRequest(
                prompts=(scene_of(request.prompt),),
                seeds=(request.seed,),
                width=width,
                height=height,
                negative_prompt=request.negative_prompt or None,
                reference=Reference(shown, LIKENESS) if shown else None,
            ),
            None,
            lambda done, steps: report("sampling", done, steps),
        )
        return self._upscaler.reach(picture, request.width, request.height)

    def _framed(self, picture: Image.Image, request: ClipRequest) -> Pixels:
        picture = picture.convert("RGB")
        return np.asarray(framed(picture, request.width, request.height, self._reader))

    def _puppet(self, picture: Pixels) -> Puppet | None:
        """Whoever is in a picture, if anybody is."""
        found = self._reader.largest(Image.fromarray(picture))
        if found is None:
            return None
        fit, landmarks = HeadFit.of(self._rig, *found), np.array(found[0].landmarks)
        rig, fit = within_outline(self._rig, fit, landmarks, self._figures, picture)
        return Puppet(rig, self._figures, fit, picture)

    def _fit(self, picture: Image.Image) -> HeadFit | None:
        found = self._reader.largest(picture)
        return HeadFit.of(self._rig, *found) if found else None

    def _head(self, fit: HeadFit) -> Head:
        x, y = fit.middle(self._rig).tolist()
        return Head(x, y, HEAD * fit.scale)

    def _moving(self, first: Pixels, puppet: Puppet | None, request: ClipRequest) -> Iterator[Shot]:
        """The frames of a clip whose movement the prompt says, or a video."""
        start = puppet.fit.start if puppet else NOBODY
        moments = self._copied(start, request) or clip_moments(
            start, write_script(request.prompt, start, request.frames, request.rate, request.seed)
        )
        if puppet is None:
            yield from (_known(panned(first, moment)) for moment in moments)
        else:
            yield from (puppet.at(moment) for moment in moments)

    def _copied(self, start: Moment, request: ClipRequest) -> list[Moment]:
        """The moments of a clip in which somebody moves as another does in a video, if it shows
        one."""
        fits = [self._fit(picture) for picture in request.motion]
        seen = [fit.start for fit in fits if fit]
        if len(seen) < 2:
            return []
        keys = [_moved(start, seen[0], moment) for moment in seen]
        places = np.linspace(0, len(keys) - 1, request.frames)
        befores = [min(int(place), len(keys) - 2) for place in places]
        pairs = zip(places.tolist(), befores, strict=True)
        return [mixed(keys[at], keys[at + 1], place - at) for place, at in pairs]

    def _morphing(
        self, first: Pixels, puppet: Puppet | None, last: Pixels, request: ClipRequest
    ) -> Iterator[Shot]:
        """The frames of a clip that ends with a picture."""
        other = self._puppet(last)
        if puppet is None or other is None:
            frames = filled(iter([first, last]), [0, request.frames - 1])
            yield from (_known(picture) for picture in frames)
            return
        begins, ends = puppet.fit, other.fit
        yield _known(first)
        for frame in range(1, request.frames - 1):
            share = float(smoothstep(0, request.frames - 1, frame))
            moment = mixed(begins.start, ends.start, share)
            view = begins.towards(ends, share)
            yield _mixed(puppet.at(moment, view), other.at(moment, view), share)
        yield _known(last)


def _told(shots: Iterator[Shot], frames: int, report: Report) -> Iterator[Shot]:
    for done, shot in enumerate(shots):
        report("moving", done, frames)
        yield shot


def _known(picture: Pixels) -> Shot:
    """A picture of which all was seen."""
    return Shot(picture, np.zeros(picture.shape[:2], np.float32))


def _mixed(one: Shot, other: Shot, share: float) -> Shot:
    """The shot on the way from one to another, by a share."""
    before, after = (shot.picture.astype(np.float32) for shot in (one, other))
    picture = (1 - share) * before + share * after
    unseen = (1 - share) * one.unseen + share * other.unseen
    return Shot(np.clip(np.rint(picture), 0, 255).astype(np.uint8), unseen)


def _moved(start: Moment, began: Moment, now: Moment) -> Moment:
    """Somebody held as at `start` who has moved as from `began` to `now`."""

    def turned(field: str) -> float:
        way = getattr(now, field) - getattr(began, field)
        return getattr(start, field) + float(np.clip(way, -FARTHEST, FARTHEST))

    units: Sequence[str] = sorted(start.weights.keys() | began.weights.keys() | now.weights.keys())
    return replace(
        start,
        yaw=turned("yaw"),
        pitch=turned("pitch"),
        roll=turned("roll"),
        weights={
            unit: start.weights.get(unit, 0.0)
            + now.weights.get(unit, 0.0)
            - began.weights.get(unit, 0.0)
            for unit in units
        },
        mouth=max(start.mouth, now.mouth),
        teeth=max(start.teeth, now.teeth),
    )
