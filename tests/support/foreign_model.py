"""Upscalers of another make: the network of Real-ESRGAN's compact models, tiny and untrained."""

from importlib.util import find_spec

import pytest
import torch
from torch import Tensor, nn

needs_spandrel = pytest.mark.skipif(
    find_spec("spandrel") is None, reason="spandrel is not installed; make install brings it"
)


def compact_weights(factor: int, channels: int = 3, *, plain: bool = False) -> dict[str, Tensor]:
    """The weights of a compact model (SRVGGNetCompact), random; a `plain` one makes every pixel
    into `factor` × `factor` pixels of its colour."""
    features = 8
    layers: list[nn.Module] = [nn.Conv2d(channels, features, 3, padding=1), nn.PReLU(features)]
    for _ in range(2):
        layers += [nn.Conv2d(features, features, 3, padding=1), nn.PReLU(features)]
    layers.append(nn.Conv2d(features, channels * factor**2, 3, padding=1))
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(factor)
        for number, layer in enumerate(layers):
            for weight in layer.parameters():
                last = number == len(layers) - 1
                weight.zero_() if plain and last else weight.normal_(std=0.15)
    return {f"body.{key}": weight for key, weight in nn.Sequential(*layers).state_dict().items()}
