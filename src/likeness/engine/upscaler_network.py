"""The network that makes pictures four times as wide and as high."""

from typing import Final

from torch import Tensor, nn
from torch.nn.functional import interpolate, pixel_shuffle

FACTOR: Final = 4
WIDTH, BLOCKS = 48, 6
REACH = 2 * BLOCKS + 2
"""How far, in px of the small picture, an output looks beyond its own pixel: each 3×3 convolution
one, and the bicubic skip two, which is less than all convolutions together. A tile with a margin of
REACH therefore comes out as within the whole picture."""


class Enlarging(nn.Module):
    """A network from (n, 3, height, width) in −1..1 to `factor` times the height and width, not cut
    off at ±1. With `margin` px around it, a part comes out as within the whole picture."""

    factor: int
    margin: int


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.two = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        # Each block starts as nothing, so that the network starts as the bicubic picture.
        nn.init.zeros_(self.two.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.two(self.one(x).relu())


class UpscalerNetwork(Enlarging):
    """What a bicubic enlargement lacks, from residual blocks at the small size and a shuffle of
    channels into pixels (Shi et al., 2016; Lim et al., "EDSR", 2017: no normalisation).
    """

    factor = FACTOR
    margin = REACH

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 3, padding=1)
        self.blocks = nn.Sequential(*(Block() for _ in range(BLOCKS)))
        self.details = nn.Conv2d(WIDTH, 3 * FACTOR**2, 3, padding=1)
        nn.init.zeros_(self.details.weight)
        nn.init.zeros_(self.details.bias)  # type: ignore[arg-type]  # it has a bias

    def forward(self, small: Tensor) -> Tensor:
        details = pixel_shuffle(self.details(self.blocks(self.stem(small))), FACTOR)
        return enlarged(small) + details.float()


def enlarged(small: Tensor) -> Tensor:
    """The bicubic enlargement, in float32."""
    return interpolate(small.float(), scale_factor=float(FACTOR), mode="bicubic")
