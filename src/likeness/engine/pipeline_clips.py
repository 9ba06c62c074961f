"""Clips from a diffusers pipeline that makes videos of a picture, such as Wan's.

It draws windows of some seconds, each of which begins with the last picture of the one before, at
its own rate; optical flow fills up to the clip's rate.
"""

import inspect
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from PIL import Image

from likeness.engine.between import Pixels, filled
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.clip_manifest import STRIDE
from likeness.engine.device import choose_device, fastest_dtype
from likeness.engine.errors import BadRequest, LoadFailed
from likeness.engine.loading import without_progress_bars
from likeness.engine.wan import states_of
from likeness.media.picture import fit

Beginning = Callable[[ClipRequest, Report], Image.Image]
"""Draws the first picture of a clip for which none is given."""

NEEDED = ("image", "prompt", "num_frames", "num_inference_steps", "callback_on_step_end")
"""What a pipeline must take to be one that makes videos of a picture."""

WINDOW = 5
"""Seconds that pipelines were made to draw at once that do not say it."""

MOST_PIXELS = 1280 * 720
"""In one picture that they draw; larger ones are drawn smaller, and enlarged."""


class PipelineEngine:
    """Makes clips with the pipeline in a diffusers folder.

    `device` as in `choose_device`. Raises DeviceMissing, and LoadFailed when the folder holds no
    pipeline that makes videos of a picture.
    """

    def __init__(self, folder: Path, device: str, beginning: Beginning) -> None:
        self.name = folder.name
        self._beginning = beginning
        self._device = choose_device(device)
        # diffusers declares its pipelines' parts by assignment at run time: untyped to a checker.
        self._pipeline: Any = _load(folder, fastest_dtype(self._device))
        self._takes = inspect.signature(self._pipeline.__call__).parameters
        if not set(NEEDED) <= set(self._takes):
            kind = type(self._pipeline).__name__
            raise LoadFailed(folder, f"{kind} makes no videos of a picture.")
        self._pipeline.set_progress_bar_config(disable=True)
        self._pipeline.to(self._device)
        # Wan 2.2's small model, which says when each picture is, was made for 24 a second.
        self._rate = 24 if self._pipeline.config.get("expand_timesteps") else 16
        self._longest = WINDOW * self._rate

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        if request.last is not None and "last_image" not in self._takes:
            raise BadRequest(f"{self.name} cannot end a video with a given picture. Send none.")
        moments = max(1, math.ceil(request.seconds * self._rate / STRIDE)) * STRIDE
        yield from filled(self._pictures(request, moments, report), request.places(moments))

    def _pictures(self, request: ClipRequest, moments: int, report: Report) -> Iterator[Pixels]:
        """The pictures at all moments from 0 on, of the clip's size."""
        first = (request.first or self._beginning(request, report)).convert("RGB")
        last = request.last.convert("RGB") if request.last else None
        yield _fitted(first, request)
        size = self._size(request)
        generator = torch.Generator().manual_seed(request.seed)
        starts = range(0, moments, self._longest)
        before = fit(first, *size)
        for window, start in enumerate(starts):
            length = min(self._longest, moments - start)
            ends = last if start + length == moments else None
            drawn = self._window(
                request,
                {
                    "image": before,
                    "num_frames": length + 1,
                    "width": size[0],
                    "height": size[1],
                    "generator": generator,
                    **({"last_image": fit(ends, *size)} if ends else {}),
                },
                lambda step, steps, past=window: report(
                    "sampling", past * steps + step, len(starts) * steps
                ),
            )
            before = drawn[-1]
            for picture in drawn[1 : -1 if ends else None]:
                yield _fitted(picture, request)
            if ends:
                yield _fitted(ends, request)

    def _window(
        self, request: ClipRequest, options: dict[str, Any], on_step: Callable[[int, int], None]
    ) -> list[Image.Image]:
        steps: int = self._takes["num_inference_steps"].default
        on_step(0, steps)

        def after_step(_pipe: object, step: int, _time: object, state: dict[str, Any]) -> Any:
            on_step(step + 1, steps)
            return state

        output = self._pipeline(
            **options,
            **self._words(request.prompt, request.negative_prompt),
            num_inference_steps=steps,
            callback_on_step_end=after_step,
            output_type="pil",
        )
        return cast(list[Image.Image], output.frames[0])

    def _words(self, prompt: str, negative: str) -> dict[str, Any]:
        if not any(kind.__name__.startswith("Wan") for kind in type(self._pipeline).__mro__):
            return {"prompt": prompt, "negative_prompt": negative}
        # Its pipelines mend wrongly decoded text with a package of its own; ours comes as UTF-8.
        return {
            "prompt_embeds": states_of(self._pipeline, prompt, self._device),
            "negative_prompt_embeds": states_of(self._pipeline, negative, self._device),
        }

    def _size(self, request: ClipRequest) -> tuple[int, int]:
        multiple = 2 * int(getattr(self._pipeline, "vae_scale_factor_spatial", 8))
        scale = min(1.0, math.sqrt(MOST_PIXELS / (request.width * request.height)))
        width, height = (
            max(1, round(side * scale / multiple)) * multiple
            for side in (request.width, request.height)
        )
        return width, height


def _load(folder: Path, dtype: torch.dtype) -> DiffusionPipeline:
    # In half precision what encodes and decodes pictures would leave bands in them.
    dtypes = {"default": dtype, "vae": torch.float32, "image_encoder": torch.float32}
    try:
        with without_progress_bars():
            return DiffusionPipeline.from_pretrained(
                str(folder), dtype=dtypes, local_files_only=True
            )
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, TypeError) as error:
        raise LoadFailed(folder, str(error)) from error


def _fitted(picture: Image.Image, request: ClipRequest) -> Pixels:
    return np.asarray(fit(picture.convert("RGB"), request.width, request.height))
