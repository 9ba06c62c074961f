"""The networks of a worker, each loaded when it is first needed."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from likeness import metrics
from likeness.bases import find_base, find_part
from likeness.settings import Settings

if TYPE_CHECKING:
    import torch

    from likeness.engine.acted_clips import ActedEngine
    from likeness.engine.clip import ClipEngine
    from likeness.engine.sampling import Sampler
    from likeness.engine.upscaling import Upscaler

log = logging.getLogger(__name__)


class Engines:
    """What pictures and videos are made with, by the settings. Loading raises what the engine
    raises."""

    def __init__(self, settings: Settings) -> None:
        self.base = find_base(settings.base)
        self._settings = settings
        self._device: torch.device | None = None
        self._sampler: Sampler | None = None
        self._upscaler: Upscaler | None = None
        self._clips: ClipEngine | None = None
        self._acting: ActedEngine | None = None

    def preload(self) -> None:
        """Load what most jobs need. Where that fails, the log says why."""
        try:
            self.device()
            self.sampler()
            self.upscaler()
        except Exception:
            # Each job that needs it fails with the reason; a training must not die of it.
            log.exception("base %s or the upscaler cannot be loaded", self.base.manifest.name)

    def device(self) -> "torch.device":
        """Where pictures are made; the first call sets torch's threads in this process."""
        if self._device is None:
            from likeness.engine.device import choose_device, limit_threads

            if self._settings.threads is not None:
                limit_threads(self._settings.threads)
            self._device = choose_device(self._settings.device)
        return self._device

    def are_on_cpu(self) -> bool:
        """Whether pictures are made by the processor."""
        from likeness.engine.errors import EngineError

        try:
            return self.device().type == "cpu"
        except EngineError:
            return False  # each job that needs the device fails with the reason

    def sampler(self) -> "Sampler":
        """What draws."""
        if self._sampler is None:
            from likeness.engine.sampling import Sampler

            self._sampler = Sampler(self.base, self._settings.device)
            log.info("base %s is loaded", self.base.manifest.name)
        return self._sampler

    def upscaler(self) -> "Upscaler":
        """What enlarges."""
        if self._upscaler is None:
            from likeness.engine.upscaling import Upscaler

            if self._settings.upscaler is None:
                self._upscaler = Upscaler.load(find_part("upscaler"))
            else:
                from likeness.engine.foreign_upscaler import load_foreign

                foreign = load_foreign(self._settings.upscaler, self.device())
                self._upscaler = Upscaler(foreign)
                log.info("upscaler %s is loaded", self._settings.upscaler)
        return self._upscaler

    def clips(self) -> "ClipEngine":
        """What makes videos."""
        if self._clips is None:
            self._clips = self._clip_engine(self._settings.video_base or find_part("motion"))
        return self._clips

    def _clip_engine(self, folder: Path) -> "ClipEngine":
        from likeness.engine.clip_manifest import FILE
        from likeness.engine.guided_clips import GuidedEngine
        from likeness.engine.pipeline_clips import PipelineEngine

        self.device()
        device = self._settings.device
        if (folder / FILE).exists():
            return GuidedEngine(folder, device, self._acted())
        return PipelineEngine(folder, device, lambda *asked: self._acted().beginning(*asked))

    def _acted(self) -> "ActedEngine":
        from likeness.engine.acted_clips import ActedEngine
        from likeness.engine.faces import shipped_reader
        from likeness.engine.figure import shipped_figures
        from likeness.engine.rig import Rig

        if self._acting is None:
            rig = Rig.load(find_part("rig"))
            self._acting = ActedEngine(
                self.sampler(), self.upscaler(), shipped_reader(), rig, shipped_figures()
            )
        return self._acting

    def note_memory(self) -> None:
        """Tell the metrics how much memory of a GPU is free."""
        device = self._device
        if device is not None and device.type == "cuda":
            import torch

            free, whole = torch.cuda.mem_get_info(device)
            for what, size in {"free": free, "whole": whole}.items():
                metrics.MEMORY.labels(str(device), what).set(size)
