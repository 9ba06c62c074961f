"""The network that tells somebody in a picture from all that is behind."""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

HEAD = 40.0
"""px that a head is wide in the pictures that it is shown."""

WIDTHS = (16, 32, 64, 96)
"""Features at each size, every one half of the one before."""

MULTIPLE = 2 ** (len(WIDTHS) - 1)
"""Of which the sides of its pictures must be multiples."""


class _Level(nn.Sequential):
    def __init__(self, before: int, width: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(before, width, 3, stride=stride, padding=1, bias=False),
            nn.GroupNorm(8, width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.GroupNorm(8, width),
            nn.ReLU(),
        )


class FigureNetwork(nn.Module):
    """A U-Net (Ronneberger et al., 2015) from pictures and where the head is to how likely each
    pixel is of whose head that is."""

    def __init__(self) -> None:
        super().__init__()
        first, *rest = WIDTHS
        self.enter = _Level(4, first)
        self.down = nn.ModuleList(
            _Level(before, width, stride=2) for before, width in zip(WIDTHS, rest, strict=False)
        )
        self.up = nn.ModuleList(
            _Level(width + below, width) for width, below in zip(WIDTHS, rest, strict=False)
        )
        self.tell = nn.Conv2d(first, 1, 1)

    def forward(self, pictures: Tensor, heads: Tensor) -> Tensor:
        """`pictures` (n, 3, height, width) in −1..1, sides multiples of MULTIPLE, and `heads`
        (n, 1, height, width) as `head_at` has them, to logits (n, 1, height, width)."""
        seen = [self.enter(torch.cat([pictures, heads], dim=1))]
        for level in self.down:
            seen.append(level(seen[-1]))
        x = seen.pop()
        for level, wide in zip(reversed(self.up), reversed(seen), strict=True):
            x = level(torch.cat([wide, interpolate(x, size=wide.shape[2:])], dim=1))
        return self.tell(x)


def head_at(places: Tensor, height: int, width: int) -> Tensor:
    """Where heads are whose faces' middles are at `places` (n, 2), x and y in px: (n, 1, height,
    width), 1 there and less beside."""
    x = torch.arange(width) - places[:, 0, None]
    y = torch.arange(height) - places[:, 1, None]
    away = y[:, :, None] ** 2 + x[:, None, :] ** 2
    return torch.exp(-away / (HEAD / 2) ** 2)[:, None]
