"""Clips from a base that knows only pictures.

Pictures are drawn in pairs that begin with the clip's first picture and share their noise, and
differ only in the words for a movement: the less of the first picture stays, the farther the head
has turned. So what differs within a pair is the movement, and the first picture is moved by it: it
keeps its detail, and nothing that the base cannot draw is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from likeness.bases.sizes import nearest_size
from likeness.engine.between import Flow, Pixels, carried, filled
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.faces import FaceReader
from likeness.engine.framing import framed
from likeness.engine.movement import Movement, field_between, length
from likeness.engine.path import Pose, poses, poses_after, scene_of, way_to
from likeness.engine.sampling import Reference, Sampler, SampleRequest
from likeness.engine.upscaling import Upscaler
from likeness.media.picture import fit

LONGEST_RATIO = 4.0
"""Of pictures that are drawn after another: they need not be as near to a square as first ones."""

LIKENESS = 0.5
"""How much stays of a picture that the clip is about but does not begin with."""

STRENGTHS = tuple(round(0.85 - 0.05 * step, 2) for step in range(11))
"""How much of the first picture stays from level to level of a movement."""

LEAST_OTHERWISE = 0.5
"""Where it ends when no face tells how far it has gone."""

UNSURE = 1.0
"""Degrees of a head's turn that are chance."""

FAR = 15.0
"""Degrees by which a head has turned far enough."""

LONGEST = 25.0
"""The longest way, in px of a field, that a picture can be moved by."""

Key = tuple[float, Pixels]
"""When a picture is shown, as a share of the clip, and the picture."""


class KeyframeEngine:
    """Makes clips with the networks that make pictures."""

    def __init__(self, sampler: Sampler, upscaler: Upscaler, reader: FaceReader) -> None:
        self._sampler = sampler
        self._upscaler = upscaler
        self._reader = reader
        self.name = sampler.base.manifest.name

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        artist = self._artist(request, report)
        frames = artist.moving() if request.last is None else artist.on_the_way_to(request.last)
        for done, picture in enumerate(frames):
            report("moving", done, request.frames)
            yield picture

    def beginning(self, request: ClipRequest, report: Report) -> Image.Image:
        """A picture to begin the clip with, when none is given. Raises as `clip` does."""
        return Image.fromarray(self._artist(request, report).beginning().whole)

    def _artist(self, request: ClipRequest, report: Report) -> "_Artist":
        return _Artist(self._sampler, self._upscaler, self._reader, request, report)


@dataclass(frozen=True)
class _End:
    """The first or last picture of a clip: of the clip's size, and as small as the base draws."""

    whole: Pixels
    small: Image.Image


class _Artist:
    """Draws one clip."""

    def __init__(
        self,
        sampler: Sampler,
        upscaler: Upscaler,
        reader: FaceReader,
        request: ClipRequest,
        report: Report,
    ) -> None:
        self._sampler = sampler
        self._upscaler = upscaler
        self._reader = reader
        self._request = request
        self._report = report
        self._drawn, self._most = 0, 1
        self._still: dict[float, Image.Image] = {}
        manifest = sampler.base.manifest
        after = manifest.model_copy(update={"longest_ratio": LONGEST_RATIO})
        self._begun = nearest_size(manifest, request.width, request.height)
        self._size = nearest_size(after, request.width, request.height)

    def beginning(self) -> _End:
        """The first picture: the one that is given, or one that is drawn."""
        request = self._request
        if request.first is not None:
            return self._end(request.first)
        shown = request.reference or request.last
        reference = Reference(shown, LIKENESS) if shown else None
        return self._end(self._picture("", reference, self._begun))

    def moving(self) -> Iterator[Pixels]:
        """The frames of a clip whose movement the prompt says, or a video."""
        path = self._path()
        words = list(dict.fromkeys(pose.words for pose in path))
        self._most = 1 + (len(words) + 1) * len(STRENGTHS)
        first = self.beginning()
        movements = {one: Movement(list(self._fields(first.small, one))) for one in words}
        for pose in path:
            yield movements[pose.words].on(first.whole, pose.far)

    def on_the_way_to(self, picture: Image.Image) -> Iterator[Pixels]:
        """The frames of a clip that ends with a picture."""
        request = self._request
        way = way_to(request.frames / request.rate)
        self._most = len(way) + 1
        first, last = self.beginning(), self._end(picture)
        coarse = [self._enlarged(end.small) for end in (first, last)]
        keys: list[Key] = [(0.0, first.whole)]
        for at, strength in way:
            mixed = Image.blend(first.small, last.small, at)
            now = self._enlarged(self._picture("", Reference(mixed, strength)))
            end, was = (first, coarse[0]) if at <= 0.5 else (last, coarse[1])
            keys.append((at, carried(end.whole, was, now)))
        keys.append((1.0, last.whole))
        places = [round(at * (request.frames - 1)) for at, _ in keys]
        return filled((picture for _, picture in keys), places)

    def _path(self) -> list[Pose]:
        request = self._request
        yaws = [yaw for picture in request.motion if (yaw := self._yaw(picture)) is not None]
        if len(yaws) > 1:
            return poses_after(yaws, request.frames, FAR)
        return poses(request.prompt, request.frames, request.rate, request.seed)

    def _fields(self, first: Image.Image, words: str) -> Iterator[Flow]:
        """How a movement moves the first picture, farther and farther: by how many degrees its head
        has turned, or if it has none that is seen, by how many px of a field."""
        start = self._yaw(first)
        reached = 0.0
        for strength in STRENGTHS:
            if start is None and strength < LEAST_OTHERWISE:
                return
            reference = Reference(first, strength)
            if strength not in self._still:
                self._still[strength] = self._picture("", reference)
            now = self._picture(words, reference)
            field = field_between(np.asarray(self._still[strength]), np.asarray(now))
            far = length(field)
            if far > LONGEST:
                return
            if start is not None:
                yaw = self._yaw(Image.fromarray(Movement([field]).on(np.asarray(first), 1)))
                if yaw is None or abs(yaw - start) < reached - UNSURE:
                    # The two pictures have grown too different to tell how one became the other.
                    return
                far = abs(yaw - start)
            if far > reached:
                reached = far
                yield field
            if start is not None and reached > FAR:
                return

    def _yaw(self, picture: Image.Image) -> float | None:
        found = self._reader.largest(picture)
        return found[1].yaw if found else None

    def _end(self, picture: Image.Image) -> _End:
        request, picture = self._request, picture.convert("RGB")
        if picture.size == self._begun:
            picture = self._upscaler.reach(picture, request.width, request.height)
        whole = framed(picture, request.width, request.height, self._reader)
        return _End(np.asarray(whole), fit(whole, *self._size))

    def _picture(
        self, words: str, reference: Reference | None, size: tuple[int, int] | None = None
    ) -> Image.Image:
        request = self._request
        self._report("sampling", self._drawn, self._most)
        width, height = size or self._size
        (picture,) = self._sampler.sample(
            SampleRequest(
                prompts=(", ".join(part for part in (scene_of(request.prompt), words) if part),),
                seeds=(request.seed,),
                width=width,
                height=height,
                negative_prompt=request.negative_prompt or None,
                reference=reference,
            ),
            None,
            lambda *_: self._report("sampling", self._drawn, self._most),
        )
        self._drawn += 1
        return picture

    def _enlarged(self, small: Image.Image) -> Pixels:
        request = self._request
        large = self._upscaler.reach(small, request.width, request.height)
        return np.asarray(fit(large, request.width, request.height))
