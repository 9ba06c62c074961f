"""Drawing pictures from a base, with or without an adapter."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from likeness.bases import Base
from likeness.engine.candidates import candidate_seeds, likest
from likeness.engine.device import choose_device, fastest_dtype, limit_threads
from likeness.engine.errors import BadRequest
from likeness.engine.faces import shipped_reader
from likeness.engine.families.family import Drawing
from likeness.engine.loading import load_base
from likeness.engine.noise import draw_noise, generators_of
from likeness.engine.shelf import AdapterShelf
from likeness.media.picture import fit


@dataclass(frozen=True)
class Reference:
    """A picture that drawing begins with, cropped and scaled to the size asked for; `strength` is
    how much of it stays: 0 nothing, 1 nearly all."""

    picture: Image.Image
    strength: float


@dataclass(frozen=True)
class SampleRequest:
    """A batch of pictures of one size.

    `prompts` and `seeds` pair up, one per picture; `width` and `height` in px are a size that the
    base draws (`nearest_size`). `steps`, `guidance` and `negative_prompt` default to the base's
    own; more steps than the base's `max_steps` are taken as `max_steps`.
    """

    prompts: tuple[str, ...]
    seeds: tuple[int, ...]
    width: int
    height: int
    steps: int | None = None
    guidance: float | None = None
    negative_prompt: str | None = None
    reference: Reference | None = None


class Sampler:
    """One loaded base that pictures are drawn from. Not to be shared by threads.

    `device` as in `choose_device`; `threads` limits torch in this process. Raises DeviceMissing,
    LoadFailed, and MissingPart if the base wants candidates but nothing tells faces apart.
    """

    def __init__(self, base: Base, device: str = "auto", threads: int | None = None) -> None:
        if threads is not None:
            limit_threads(threads)
        self.base = base
        self.device = choose_device(device)
        self._loaded = load_base(base, self.device, fastest_dtype(self.device))
        self._shelf = AdapterShelf(base, self._loaded)
        chooses = base.manifest.sampling.candidates > 1
        self._reader = shipped_reader() if chooses else None

    def sample(
        self,
        request: SampleRequest,
        adapter: Path | None,
        on_step: Callable[[int, int], None],
    ) -> list[Image.Image]:
        """Draw the request's pictures: RGB, of the request's size, in the order of its prompts.

        `on_step(step, steps)` is called after every denoising step and may raise: the exception
        comes out of here and the sampler stays usable. The same seed alone gives the same bits on
        one machine; in another batch, the same picture. Raises BadRequest, AdapterUnreadable and
        AdapterMismatch.
        """
        self._check(request)
        recipe = self.base.manifest.sampling
        steps = min(request.steps or recipe.steps, recipe.max_steps)
        guidance = recipe.guidance if request.guidance is None else request.guidance
        shape = self._loaded.latent_shape(request.width, request.height)
        person = self.apply(adapter)
        each = recipe.candidates if len(person) else 1
        generators = generators_of(
            [one for seed in request.seeds for one in candidate_seeds(seed, each)]
        )
        noise = draw_noise(generators, shape)
        reference, skipped = self._read(request, steps)
        for _ in range(skipped):
            # So that a step has the same noise, however many are left out before it.
            draw_noise(generators, shape)
        negative = request.negative_prompt
        drawing = Drawing(
            prompts=tuple(
                recipe.completed(prompt) for prompt in request.prompts for _ in range(each)
            ),
            negative_prompt=recipe.negative_prompt if negative is None else negative,
            noise=noise,
            generators=generators,
            steps=steps,
            guidance=guidance,
            reference=reference,
            skipped=skipped,
        )
        drawn = self._loaded.draw(drawing, lambda step: on_step(step, steps - skipped))
        if self._reader is None:
            return drawn
        groups = (drawn[start : start + each] for start in range(0, len(drawn), each))
        return [likest(group, person, self._reader) for group in groups]

    def has(self, adapter: Path) -> bool:
        """Whether an adapter is in the base already, so that it is applied at once."""
        return self._shelf.has(adapter)

    def apply(self, adapter: Path | None) -> NDArray[np.float32]:
        """Make the base speak with an adapter, or alone; `sample` does so by itself.

        Returns the embedding, of length 1, of the person whom the adapter was trained on; empty
        where no face was found in their photos. Raises AdapterUnreadable and AdapterMismatch.
        """
        card = self._shelf.apply(adapter)
        return np.array(card.person if card else (), np.float32)

    def _read(self, request: SampleRequest, steps: int) -> tuple[Tensor | None, int]:
        """Latents (1, channels, height, width) of the reference, and how many steps it spares."""
        reference = request.reference
        if reference is None:
            return None, 0
        picture = fit(reference.picture.convert("RGB"), request.width, request.height)
        pixels = torch.from_numpy(np.asarray(picture, np.float32)).permute(2, 0, 1)[None]
        skipped = min(steps - 1, round(steps * reference.strength))
        return self._loaded.encode_picture(pixels / 127.5 - 1), skipped

    def _check(self, request: SampleRequest) -> None:
        if not request.prompts or len(request.prompts) != len(request.seeds):
            raise BadRequest(
                f"{len(request.prompts)} prompts and {len(request.seeds)} seeds were given; "
                "give one seed for each prompt, and at least one."
            )
        multiple = self.base.manifest.size_multiple
        if min(request.width, request.height) < multiple or (
            request.width % multiple or request.height % multiple
        ):
            raise BadRequest(
                f"{self.base.manifest.title} cannot draw {request.width} x {request.height} px; "
                f"both sides must be multiples of {multiple} px (see nearest_size)."
            )
        if request.steps is not None and request.steps < 1:
            raise BadRequest(f"A picture needs at least 1 step, not {request.steps}.")
        if request.guidance is not None and request.guidance < 0:
            raise BadRequest(f"Guidance must be 0 or more, not {request.guidance}.")
        if request.reference is not None and not 0 <= request.reference.strength <= 1:
            raise BadRequest(f"Strength must be 0 to 1, not {request.reference.strength}.")
