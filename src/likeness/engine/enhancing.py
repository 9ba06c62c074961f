"""Faces of pictures drawn again: closer, so that all of the base's pixels are theirs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from likeness.bases import find_part, nearest_size
from likeness.engine.candidates import likest
from likeness.engine.closeup import Closeup, find_face
from likeness.engine.faces import FaceReader
from likeness.engine.sampling import Reference, Sampler, SampleRequest
from likeness.engine.upscaling import Upscaler
from likeness.media.picture import fit

STRENGTH = 0.65
"""How much of the first drawing stays. Measured by `benchmarks/enhance_face.py`: with less the head
moves, with more nothing is gained."""


class FaceEnhancer:
    """Draws the largest face of pictures again with the person's own adapter."""

    def __init__(self, sampler: Sampler, upscaler: Upscaler, strength: float = STRENGTH) -> None:
        """`strength` is how much of the first drawing stays, as in `Reference`. Raises LoadFailed,
        and MissingPart where nothing tells faces apart."""
        self._sampler = sampler
        self._upscaler = upscaler
        self._strength = strength
        self._reader = FaceReader.load(find_part("faces"))

    def enhance(
        self,
        picture: Image.Image,
        request: SampleRequest,
        adapter: Path,
        on_step: Callable[[int, int], None],
    ) -> Image.Image:
        """The picture (RGB) with its largest face drawn again: the picture itself where no face is
        found, or where the new one is less like the person.

        `request` is of this picture alone, whatever size it has by now; `on_step` and what is
        raised as in `Sampler.sample`.
        """
        closeup = self.look(picture)
        if closeup is None:
            return picture
        drawn = self.draw(picture, closeup, request, adapter, on_step)
        return drawn if self.is_likelier(drawn, picture, closeup, adapter) else picture

    def look(self, picture: Image.Image) -> Closeup | None:
        """Where the largest face is, from as close as the closest crops that adapters are trained
        on: there they know most. None where there is no face."""
        face = find_face(self._reader, picture)
        if face is None:
            return None
        return Closeup.around(face, min(self._sampler.base.manifest.training.crops), picture)

    def draw(
        self,
        picture: Image.Image,
        closeup: Closeup,
        request: SampleRequest,
        adapter: Path,
        on_step: Callable[[int, int], None],
    ) -> Image.Image:
        """The picture with the face drawn again, whatever came of it; otherwise as `enhance`."""
        before = picture.crop(closeup.box)
        width, height = nearest_size(self._sampler.base.manifest, 1, 1)
        reference = Reference(before, self._strength)
        closer = replace(request, width=width, height=height, reference=reference)
        (drawn,) = self._sampler.sample(closer, adapter, on_step)
        sized = fit(self._upscaler.reach(drawn, *before.size), *before.size)
        return closeup.blended(picture, sized)

    def is_likelier(
        self, drawn: Image.Image, picture: Image.Image, closeup: Closeup, adapter: Path
    ) -> bool:
        """Whether the face drawn again is more like the adapter's person than the picture's; it is
        where nobody was seen in that person's photos."""
        person = self._sampler.apply(adapter)
        before, after = (one.crop(closeup.box) for one in (picture, drawn))
        return not len(person) or likest((before, after), person, self._reader) is after
