"""Pictures four times, or twice, as wide and as high, tile by tile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from likeness.engine.device import channels_last
from likeness.engine.upscaler_network import REACH, Enlarging, UpscalerNetwork
from likeness.engine.weights import load_weights

FILE = "upscaler.safetensors"
TILE = 96  # px of the small picture: some 20 MB of features at a time
LONGEST = 4096
"""The longest side in px that a picture is enlarged to by four; by two, it may become longer."""

Factor = Literal[2, 4]


def factor_for(width: int, height: int) -> Factor:
    """How many times as large a picture of this size is made when nobody says it."""
    return 4 if max(width, height) * 4 <= LONGEST else 2


@dataclass(frozen=True)
class Tile:
    """A part of a picture, and the part with its margin, in px: left, top, right, bottom."""

    part: tuple[int, int, int, int]
    seen: tuple[int, int, int, int]


def tiles(width: int, height: int, side: int = TILE, margin: int = REACH) -> Iterator[Tile]:
    """Parts of at most `side` px that cover a picture, each seen with a margin where the picture
    goes on."""
    for top in range(0, height, side):
        for left in range(0, width, side):
            right, bottom = min(width, left + side), min(height, top + side)
            seen = (
                max(0, left - margin),
                max(0, top - margin),
                min(width, right + margin),
                min(height, bottom + margin),
            )
            yield Tile((left, top, right, bottom), seen)


class Upscaler:
    """Enlarges pictures. Memory beyond the two pictures does not depend on their size."""

    def __init__(self, network: Enlarging, tile: int = TILE) -> None:
        network.requires_grad_(False).eval()
        self._network = channels_last(network)
        self._tile = tile

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `upscaler.safetensors` in `folder`. Raises LoadFailed."""
        network = UpscalerNetwork()
        load_weights(network, folder / FILE)
        return cls(network)

    def reach(
        self,
        image: Image.Image,
        width: int,
        height: int,
        on_tile: Callable[[int, int], None] = lambda *_: None,
    ) -> Image.Image:
        """The picture itself if it is as large as `width` × `height` px, else enlarged by four."""
        large_enough = image.width >= width and image.height >= height
        return image if large_enough else self.enlarge(image, on_tile=on_tile)

    def enlarge(
        self,
        image: Image.Image,
        factor: Factor = 4,
        on_tile: Callable[[int, int], None] = lambda *_: None,
    ) -> Image.Image:
        """The picture (RGB) with `factor` times its width and height.

        `on_tile(tile, tiles)` is called after every tile and may raise: the exception comes out.
        """
        small = np.asarray(image.convert("RGB"))
        large = np.empty((image.height * factor, image.width * factor, 3), np.uint8)
        parts = list(tiles(image.width, image.height, self._tile, self._network.margin))
        for number, tile in enumerate(parts, start=1):
            left, top, right, bottom = tile.seen
            pixels = self._enlarge(small[top:bottom, left:right], factor)
            x, y = ((tile.part[axis] - tile.seen[axis]) * factor for axis in (0, 1))
            left, top, right, bottom = (edge * factor for edge in tile.part)
            large[top:bottom, left:right] = pixels[y : y + bottom - top, x : x + right - left]
            on_tile(number, len(parts))
        return Image.fromarray(large)

    @torch.inference_mode()
    def _enlarge(self, pixels: NDArray[np.uint8], factor: Factor) -> NDArray[np.uint8]:
        small = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float().div_(127.5).sub_(1)
        large = self._network(small.contiguous(memory_format=torch.channels_last)).clamp_(-1, 1)
        sized = _resized(large, self._network.factor, factor)[0].clamp_(-1, 1)
        return sized.add(1).mul_(127.5).round_().byte().permute(1, 2, 0).numpy()


def _resized(large: Tensor, made: int, wanted: Factor) -> Tensor:
    """A picture of `wanted` times a size, from one of `made` times that size."""
    if made % wanted == 0:
        return avg_pool2d(large, made // wanted)
    size = [side // made * wanted for side in large.shape[-2:]]
    return interpolate(large, size, mode="bicubic", antialias=True)
