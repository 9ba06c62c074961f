"""Pictures four times as wide and as high, tile by tile."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from likeness.engine.device import channels_last
from likeness.engine.upscaler_network import FACTOR, REACH, UpscalerNetwork
from likeness.engine.weights import load_weights

FILE = "upscaler.safetensors"
TILE = 96  # px of the small picture: some 20 MB of features at a time


@dataclass(frozen=True)
class Tile:
    """A part of a picture, and the part with its margin, in px: left, top, right, bottom."""

    part: tuple[int, int, int, int]
    seen: tuple[int, int, int, int]


def tiles(width: int, height: int, side: int = TILE) -> Iterator[Tile]:
    """Parts of at most `side` px that cover a picture, each seen with a margin of REACH where
    the picture goes on."""
    for top in range(0, height, side):
        for left in range(0, width, side):
            right, bottom = min(width, left + side), min(height, top + side)
            seen = (
                max(0, left - REACH),
                max(0, top - REACH),
                min(width, right + REACH),
                min(height, bottom + REACH),
            )
            yield Tile((left, top, right, bottom), seen)


class Upscaler:
    """Enlarges pictures by four. Memory beyond the two pictures does not depend on their size."""

    def __init__(self, network: UpscalerNetwork, tile: int = TILE) -> None:
        network.requires_grad_(False).eval()
        self._network = channels_last(network)
        self._tile = tile

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `upscaler.safetensors` in `folder`. Raises LoadFailed."""
        network = UpscalerNetwork()
        load_weights(network, folder / FILE)
        return cls(network)

    def reach(self, image: Image.Image, width: int, height: int) -> Image.Image:
        """The picture itself if it is as large as `width` × `height` px, else enlarged, once."""
        large_enough = image.width >= width and image.height >= height
        return image if large_enough else self.enlarge(image)

    def enlarge(self, image: Image.Image) -> Image.Image:
        """The picture (RGB) with four times its width and height."""
        small = np.asarray(image.convert("RGB"))
        large = np.empty((image.height * FACTOR, image.width * FACTOR, 3), np.uint8)
        for tile in tiles(image.width, image.height, self._tile):
            left, top, right, bottom = tile.seen
            pixels = self._enlarge(small[top:bottom, left:right])
            x, y = ((tile.part[axis] - tile.seen[axis]) * FACTOR for axis in (0, 1))
            left, top, right, bottom = (edge * FACTOR for edge in tile.part)
            part = pixels[y : y + bottom - top, x : x + right - left]
            large[top:bottom, left:right] = part
        return Image.fromarray(large)

    @torch.inference_mode()
    def _enlarge(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        small = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float().div_(127.5).sub_(1)
        large = self._network(small.contiguous(memory_format=torch.channels_last))[0]
        return large.clamp_(-1, 1).add_(1).mul_(127.5).round_().byte().permute(1, 2, 0).numpy()
