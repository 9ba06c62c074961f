"""A small network that paints what turns into view when people move."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from likeness.engine.between import Pixels
from likeness.engine.clip_manifest import ClipManifest
from likeness.engine.device import choose_device
from likeness.engine.errors import LoadFailed
from likeness.engine.fast_frames import knows_frames_alone
from likeness.engine.guided_pipeline import Floats, GuidedPipeline
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
        if not knows_frames_alone(self._pipeline.vae):
            raise LoadFailed(folder, "each picture must have latents of its own")
        self._pipeline.set_progress_bar_config(disable=True)
        self._pipeline.to(self._device)
        self._read: tuple[str, Tensor] | None = None

    def paint(self, prompt: str, guide: Pixels, new: Floats) -> Floats:
        """By how much the colours of a guide (pictures, side, side, 3) are to change, of 255, where
        it is `new` (pictures, side, side), from 0 to 1.

        There are no more pictures than the manifest's window has, of its side. What stands still
        after the last one makes up the rest, because the network knows no other number.
        """
        if self._read is None or self._read[0] != prompt:
            self._read = prompt, states_of(self._pipeline, prompt, self._device)
        missing = [(0, self.manifest.window - len(guide))]
        pictures = np.pad(guide, [*missing, (0, 0), (0, 0), (0, 0)], mode="edge")
        masks = np.pad(new, [*missing, (0, 0), (0, 0)], mode="edge")
        return self._pipeline.corrections(self._read[1], pictures, masks)[: len(guide)]
