"""Faces of pictures drawn again: closer, so that all of the base's pixels are theirs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from likeness.bases import nearest_size
from likeness.engine.closeup import Closeup, find_face
from likeness.engine.faces import shipped_reader
from likeness.engine.sampling import Reference, Sampler, SampleRequest
from likeness.engine.upscaling import Upscaler
from likeness.media.picture import fit

STRENGTH = 0.65
"""How much of the first drawing stays. By the judge, 0.5 gains as much likeness but moves the head,
and 0.8 gains less (`benchmarks/enhance_face.py`)."""


class FaceEnhancer:
    """Draws the largest face of pictures again with the person's own adapter."""

    def __init__(self, sampler: Sampler, upscaler: Upscaler, strength: float = STRENGTH) -> None:
        """`strength` is how much of the first drawing stays, as in `Reference`. Raises LoadFailed,
        and MissingPart where nothing tells faces apart."""
        self._sampler = sampler
        self._upscaler = upscaler
        self._strength = strength
        self._reader = shipped_reader()

    def enhance(
        self,
        picture: Image.Image,
        request: SampleRequest,
        adapter: Path,
        on_step: Callable[[int, int], None],
    ) -> Image.Image:
        """The picture (RGB) with its largest face drawn again; the picture itself where no face is
        found.

        Whether the new face is likelier is not asked: the face reader, which could tell, prefers
        the old one too often by the judge's measure.

        `request` is of this picture alone, whatever size it has by now; `on_step` and what is
        raised as in `Sampler.sample`.
        """
        closeup = self.look(picture)
        if closeup is None:
            return picture
        before = picture.crop(closeup.box)
        width, height = nearest_size(self._sampler.base.manifest, 1, 1)
        reference = Reference(before, self._strength)
        closer = replace(request, width=width, height=height, reference=reference)
        (drawn,) = self._sampler.sample(closer, adapter, on_step)
        sized = fit(self._upscaler.reach(drawn, *before.size), *before.size)
        return closeup.blended(picture, sized)

    def look(self, picture: Image.Image) -> Closeup | None:
        """Where the largest face is, from as close as the closest crops that adapters are trained
        on: there they know most. None where there is no face."""
        face = find_face(self._reader, picture)
        if face is None:
            return None
        return Closeup.around(face, min(self._sampler.base.manifest.training.crops), picture)
