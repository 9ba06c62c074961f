"""From a base on disk to its networks in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from diffusers.utils import logging as diffusers_logging
from transformers.utils import logging as transformers_logging

from likeness.bases import Base
from likeness.engine.families.family import Family, LoadedBase
from likeness.engine.families.zimage import ZImageFamily

FAMILIES: dict[str, Family] = {"zimage": ZImageFamily()}


def load_base(base: Base, device: torch.device, dtype: torch.dtype) -> LoadedBase:
    """The base's networks on `device` in `dtype`. Raises LoadFailed."""
    with without_progress_bars():
        return FAMILIES[base.manifest.family].load(base.folder, device, dtype)


@contextmanager
def without_progress_bars() -> Iterator[None]:
    """Keep progress bars out of a server's log."""
    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        diffusers_logging.enable_progress_bar()
        transformers_logging.enable_progress_bar()
