"""Clips from a diffusers pipeline that makes videos of a picture, such as Wan's.

It draws windows of some seconds, each of which begins with the last picture of the one before, at
its own rate; optical flow fills up to the clip's rate. What a small pipeline draws is enlarged, and
has the detail of the clip's first picture (and last, if that is given) wherever that is still seen,
or that of its guide: the same clip, as the rig makes it of the first picture.
"""

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from PIL import Image
from torch import Tensor

from likeness.engine.between import Pixels, carried, filled
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.clip_manifest import STRIDE, ClipManifest
from likeness.engine.device import choose_device, fastest_dtype
from likeness.engine.errors import BadRequest, LoadFailed
from likeness.engine.guided_pipeline import GuidedPipeline
from likeness.engine.loading import without_progress_bars
from likeness.engine.upscaling import Upscaler
from likeness.media.picture import fit


class Rehearsal(Protocol):
    """What makes clips of one picture."""

    def beginning(self, request: ClipRequest, report: Report) -> Image.Image:
        """A picture to begin the clip with."""
        ...

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order."""
        ...


NEEDED = ("image", "prompt", "num_frames", "num_inference_steps", "callback_on_step_end")
"""What a pipeline must take to be one that makes videos of a picture."""

WINDOW = 5
"""Seconds that pipelines were made to draw at once that do not say it."""

MOST_PIXELS = 1280 * 720
"""In one picture that they draw; larger ones are drawn smaller, and enlarged."""

LONGEST_TEXT = 512


Finish = Callable[[Image.Image, Pixels | None, float], Pixels]
"""Gets what was drawn, its guide if there is one, and its share of the clip."""


class PipelineEngine:
    """Makes clips with the pipeline in a diffusers folder.

    `device` as in `choose_device`; `rehearsal` is asked for who draws first pictures and makes
    guides, where those are wanted; `upscaler` enlarges what small pipelines draw. Raises
    DeviceMissing, and LoadFailed when the folder holds no pipeline that makes videos of a picture.
    """

    def __init__(
        self, folder: Path, device: str, rehearsal: Callable[[], Rehearsal], upscaler: Upscaler
    ) -> None:
        self.name = folder.name
        self._rehearsal = rehearsal
        self._upscaler = upscaler
        self._device = choose_device(device)
        # diffusers declares its pipelines' parts by assignment at run time: untyped to a checker.
        self._pipeline: Any = _load(folder, fastest_dtype(self._device))
        self._takes = inspect.signature(self._pipeline.__call__).parameters
        if not set(NEEDED) <= set(self._takes):
            kind = type(self._pipeline).__name__
            raise LoadFailed(folder, f"{kind} makes no videos of a picture.")
        self._manifest = ClipManifest.read(folder)
        self._guided = self._manifest is not None and self._manifest.guided
        if self._guided:
            make: Any = GuidedPipeline
            self._pipeline = make(**self._pipeline.components)
        self._pipeline.set_progress_bar_config(disable=True)
        self._pipeline.to(self._device)
        if self._manifest is not None:
            self._rate, self._longest = self._manifest.rate, self._manifest.window - 1
        else:
            # Wan 2.2's small model, which says when each picture is, was made for 24 a second.
            self._rate = 24 if self._pipeline.config.get("expand_timesteps") else 16
            self._longest = WINDOW * self._rate

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        """The clip's pictures in their order. Raises EngineError, and what `report` raises."""
        if request.last is not None and "last_image" not in self._takes:
            raise BadRequest(f"{self.name} cannot end a video with a given picture. Send none.")
        seconds = (request.frames - 1) / request.rate
        # Small pipelines know one length: a clip that ends with a picture ends where a window does.
        stride = self._longest if self._manifest and request.last else STRIDE
        moments = max(1, math.ceil(seconds * self._rate / stride)) * stride
        places = [round(moment * (request.frames - 1) / moments) for moment in range(moments + 1)]
        yield from filled(self._pictures(request, places, report), places)

    def _pictures(
        self, request: ClipRequest, places: Sequence[int], report: Report
    ) -> Iterator[Pixels]:
        """The pictures at all moments from 0 on, which are places of the clip, of its size."""
        moments = len(places) - 1
        first = (request.first or self._rehearsal().beginning(request, report)).convert("RGB")
        last = request.last.convert("RGB") if request.last else None
        yield _fitted(first, request)
        size = self._size(request)
        guides = self._guides(replace(request, first=first), places)
        finish = self._finishing(request, size, first, last, report)
        generator = torch.Generator().manual_seed(request.seed)
        windows = math.ceil(moments / self._longest)
        before, moment = fit(first, *size), 0
        for window in range(windows):
            ends = last if window == windows - 1 else None
            wanted = min(self._longest, moments - moment)
            guide = [next(guides) for _ in range(wanted)] if self._guided else []
            self._follow(before, guide, size)
            drawn = self._window(
                request,
                {
                    "image": before,
                    "num_frames": self._asked_for(
                        (self._longest if self._manifest else wanted) + 1
                    ),
                    "width": size[0],
                    "height": size[1],
                    "generator": generator,
                    **({"last_image": fit(ends, *size)} if ends else {}),
                },
                lambda step, steps, past=window: report(
                    "sampling", past * steps + step, windows * steps
                ),
            )
            before = drawn[-1]
            for number, picture in enumerate(drawn[1 : wanted if ends else wanted + 1]):
                moment += 1
                yield finish(picture, guide[number] if guide else None, moment / moments)
            if ends:
                moment += 1
                yield _fitted(ends, request)

    def _finishing(
        self,
        request: ClipRequest,
        size: tuple[int, int],
        first: Image.Image,
        last: Image.Image | None,
        report: Report,
    ) -> Finish:
        """What makes pictures of the clip's size of those that are drawn."""
        if self._manifest is None or size == (request.width, request.height):
            return lambda picture, *_: _fitted(picture, request)

        def enlarged(picture: Image.Image) -> Pixels:
            return _fitted(self._upscaler.reach(picture, request.width, request.height), request)

        ends = [(_fitted(end, request), enlarged(fit(end, *size))) for end in (first, last) if end]

        def finish(picture: Image.Image, guide: Pixels | None, share: float) -> Pixels:
            report("enlarging", round(share * request.frames), request.frames)
            now = enlarged(picture)
            if guide is not None:
                return carried(guide, enlarged(fit(Image.fromarray(guide), *size)), now)
            detailed = [carried(whole, was, now) for whole, was in ends]
            if len(detailed) == 1:
                return detailed[0]
            mixed = cv2.addWeighted(detailed[0], 1 - share, detailed[1], share, 0)
            return np.asarray(mixed, np.uint8)

        return finish

    def _guides(self, request: ClipRequest, places: Sequence[int]) -> Iterator[Pixels]:
        """The rehearsal's pictures at all moments but the first."""
        wanted = iter(places[1:])
        place = next(wanted, None)
        for number, picture in enumerate(self._rehearsal().clip(request, _silent)):
            # In a slow clip, moments may share a picture.
            while number == place:
                yield picture
                place = next(wanted, None)

    def _follow(self, before: Image.Image, guide: Sequence[Pixels], size: tuple[int, int]) -> None:
        """Have the next window begin with a picture and go on like a guide, which stands still
        where it is shorter."""
        if not guide:
            return
        small = [before, *(fit(Image.fromarray(picture), *size) for picture in guide)]
        missing = self._longest + 1 - len(small)
        self._pipeline.follow([*small, *[small[-1]] * missing])

    def _asked_for(self, pictures: int) -> int:
        """What to say for so many pictures to come out."""
        # Where each picture stands for itself, Wan's pipelines, which round to one more than whole
        # strides, take every number for one too few.
        alone = self._pipeline.vae.config.get("scale_factor_temporal") == 1
        return pictures - 1 if alone else pictures

    def _window(
        self, request: ClipRequest, options: dict[str, Any], on_step: Callable[[int, int], None]
    ) -> list[Image.Image]:
        manner = self._manner()
        steps = int(manner["num_inference_steps"])
        on_step(0, steps)

        def after_step(_pipe: object, step: int, _time: object, state: dict[str, Any]) -> Any:
            on_step(step + 1, steps)
            return state

        output = self._pipeline(
            **options,
            **self._words(request.prompt, request.negative_prompt),
            **manner,
            callback_on_step_end=after_step,
            output_type="pil",
        )
        return cast(list[Image.Image], output.frames[0])

    def _manner(self) -> dict[str, float]:
        """In how many steps, and how close to the prompt."""
        manifest = self._manifest
        if manifest is None:
            return {"num_inference_steps": self._takes["num_inference_steps"].default}
        return {"num_inference_steps": manifest.steps, "guidance_scale": manifest.guidance}

    def _words(self, prompt: str, negative: str) -> dict[str, Any]:
        if not any(kind.__name__.startswith("Wan") for kind in type(self._pipeline).__mro__):
            return {"prompt": prompt, "negative_prompt": negative}
        # Its pipelines mend wrongly decoded text with a package of its own; ours comes as UTF-8.
        return {
            "prompt_embeds": self._read(prompt),
            "negative_prompt_embeds": self._read(negative),
        }

    @torch.no_grad()
    def _read(self, text: str) -> Tensor:
        tokens = self._pipeline.tokenizer(
            [text],
            padding="max_length",
            max_length=LONGEST_TEXT,
            truncation=True,
            return_tensors="pt",
        ).to(self._device)
        states = self._pipeline.text_encoder(tokens.input_ids, tokens.attention_mask)
        return cast(Tensor, states.last_hidden_state * tokens.attention_mask[..., None])

    def _size(self, request: ClipRequest) -> tuple[int, int]:
        multiple = 2 * int(getattr(self._pipeline, "vae_scale_factor_spatial", 8))
        if self._manifest is None:
            scale = min(1.0, math.sqrt(MOST_PIXELS / (request.width * request.height)))
        else:
            scale = self._manifest.side / math.sqrt(request.width * request.height)
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


def _silent(*_: object) -> None: ...


def _fitted(picture: Image.Image, request: ClipRequest) -> Pixels:
    return np.asarray(fit(picture.convert("RGB"), request.width, request.height))
