"""A small pipeline that paints people who move, told roughly what each picture is to show."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from likeness.engine.between import Pixels
from likeness.engine.clip_manifest import ClipManifest
from likeness.engine.device import choose_device
from likeness.engine.errors import LoadFailed
from likeness.engine.guided_pipeline import GuidedPipeline
from likeness.engine.loading import without_progress_bars
from likeness.engine.wan import states_of


class Painter:
    """Paints with the pipeline in a diffusers folder that has a manifest.

    `device` as in `choose_device`. Raises DeviceMissing, and LoadFailed when the folder holds no
    such pipeline.
    """

    def __init__(self, folder: Path, device: str) -> None:
        self.manifest = ClipManifest.read(folder)
        self._device = choose_device(device)
        try:
            with without_progress_bars():
                # diffusers declares its pipelines' parts at run time: untyped to a checker.
                self._pipeline: Any = GuidedPipeline.from_pretrained(
                    str(folder), dtype=torch.float32, local_files_only=True
                )
        except (OSError, ValueError, KeyError, RuntimeError, AttributeError, TypeError) as error:
            raise LoadFailed(folder, str(error)) from error
        if self._pipeline.vae.config.scale_factor_temporal != 1:
            raise LoadFailed(folder, "each picture must have latents of its own")
        self._pipeline.set_progress_bar_config(disable=True)
        self._pipeline.to(self._device)

    def paint(
        self,
        prompt: str,
        known: Sequence[Pixels],
        guide: Sequence[Pixels],
        generator: torch.Generator,
        on_step: Callable[[], None],
    ) -> list[Pixels]:
        """What follows after what is `known`, like a guide: as many pictures as that has.

        All are (side, side, 3), as the manifest says, and no more than its window; `on_step` is
        called after each step, and may raise.
        """
        manifest = self.manifest
        pictures = [*known, *guide]
        # Windows are always whole, because the network knows no other: what is too little stands
        # still.
        pictures += pictures[-1:] * (manifest.window - len(pictures))
        self._pipeline.follow(
            [Image.fromarray(picture) for picture in pictures],
            noise=manifest.noise,
            given=len(known),
        )

        def after_step(_pipe: object, _step: int, _time: object, state: dict[str, Any]) -> Any:
            on_step()
            return state

        output = self._pipeline(
            image=Image.fromarray(pictures[0]),
            prompt_embeds=states_of(self._pipeline, prompt, self._device),
            negative_prompt_embeds=states_of(self._pipeline, "", self._device),
            width=manifest.side,
            height=manifest.side,
            num_frames=manifest.window - 1,  # Wan's pipelines, here, draw one more than they say
            num_inference_steps=manifest.steps,
            guidance_scale=manifest.guidance,
            generator=generator,
            callback_on_step_end=after_step,
            output_type="np",
        )
        frames = np.rint(255 * output.frames[0]).astype(np.uint8)
        return list(frames[len(known) : len(known) + len(guide)])
