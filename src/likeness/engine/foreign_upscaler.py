"""Upscalers from elsewhere: model files that spandrel knows, such as Real-ESRGAN."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from likeness.engine.errors import UpscalerUnusable
from likeness.engine.upscaler_network import Enlarging

if TYPE_CHECKING:
    from spandrel import ImageModelDescriptor

MARGIN = 32
"""px seen around a tile. How far these networks look is not known, but what is further away is
hardly heard. A multiple of the windows of attention, which then lie as within the whole picture."""


class ForeignUpscaler(Enlarging):
    """A network of another make on `device`, which takes and gives what our own does on the CPU."""

    margin = MARGIN

    def __init__(self, model: "ImageModelDescriptor[nn.Module]", device: torch.device) -> None:
        super().__init__()
        self.factor = model.scale
        self.network = model.model.to(device)
        self._enlarge = model  # pads to what the network wants, and cuts off at 0 and 1
        self._device = device

    def forward(self, small: Tensor) -> Tensor:
        return self._enlarge(small.to(self._device).add(1).div(2)).cpu().mul(2).sub(1)


def load_foreign(file: Path, device: torch.device) -> ForeignUpscaler:
    """The upscaler in a file: safetensors, or a pickle of which nothing but weights is read.

    Raises UpscalerUnusable when the file or spandrel is missing, or it is not an upscaler.
    """
    if not file.is_file():
        raise UpscalerUnusable(file, "the file is not there")
    try:
        with _without_torchvision():
            from spandrel import ImageModelDescriptor, ModelLoader, canonicalize_state_dict
    except ModuleNotFoundError as error:
        raise UpscalerUnusable(file, f"the package {error.name} is not installed") from error
    try:
        model = ModelLoader().load_from_state_dict(canonicalize_state_dict(_read(file)))
    except Exception as error:  # whatever a file of another kind makes foreign code do
        raise UpscalerUnusable(file, f"it cannot be read ({error})") from error
    name = model.architecture.name
    if not isinstance(model, ImageModelDescriptor) or model.scale < 2:
        raise UpscalerUnusable(file, f"it is of the kind {name}, which does not enlarge pictures")
    if (model.input_channels, model.output_channels) != (3, 3):
        raise UpscalerUnusable(file, f"it is of the kind {name}, but not for colour pictures")
    return ForeignUpscaler(model, device)


def _read(file: Path) -> dict[str, Any]:
    if file.suffix == ".safetensors":
        return load_file(file)
    return torch.load(file, map_location="cpu", weights_only=True)


@contextmanager
def _without_torchvision() -> Generator[None]:
    """Let spandrel be imported, which takes three names from torchvision for two architectures.

    Nobody else must meet what stands in for it: transformers looks for torchvision.
    """
    if find_spec("torchvision") is not None:
        yield
        return
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
    functional = ModuleType(names[-1])
    # The other two are for inpainting, which is refused anyway.
    vars(functional).update(normalize=_normalize, rotate=None, InterpolationMode=None)
    sys.modules.update(dict.fromkeys(names, functional))
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _normalize(pixels: Tensor, mean: list[float], std: list[float]) -> Tensor:
    return (pixels - pixels.new_tensor(mean)[:, None, None]) / pixels.new_tensor(std)[:, None, None]
