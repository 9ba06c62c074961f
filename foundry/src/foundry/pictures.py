"""Pixels as networks see them, and back."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from foundry.dataset import Pixels


def to_tensor(pixels: Pixels, device: torch.device | None = None) -> Tensor:
    """(n, height, width, 3) uint8 to (n, 3, height, width) float32 in −1..1, channels last, on a
    device."""
    whole = torch.from_numpy(pixels).to(device)  # as bytes: a quarter of the way
    floats = whole.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    return floats.contiguous(memory_format=torch.channels_last)


def on_device(pictures: Sequence[Pixels], device: torch.device) -> Tensor:
    """Pictures of one size as one such tensor, on a device."""
    return to_tensor(np.stack(pictures), device)


def to_pixels(tensor: Tensor) -> Pixels:
    """The other way round; values beyond −1..1 are cut off."""
    scaled = tensor.detach().float().cpu().clamp(-1, 1).add(1).mul(127.5).round()
    return scaled.byte().permute(0, 2, 3, 1).numpy()


def grid(pictures: Pixels | Sequence[Pixels], columns: int) -> Image.Image:
    """Pictures of one size in rows of `columns`."""
    stacked = np.asarray(pictures)
    count, height, width, _ = stacked.shape
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height, width, 3), 255, np.uint8)
    sheet[:count] = stacked
    sheet = sheet.reshape(rows, columns, height, width, 3).transpose(0, 2, 1, 3, 4)
    return Image.fromarray(sheet.reshape(rows * height, columns * width, 3))


def psnr(one: Tensor, other: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture, in dB; both (n, …) in −1..1."""
    error = (one.float() - other.float()).flatten(1).pow(2).mean(1)
    return 10 * torch.log10(4 / error.clamp_min(1e-10))


def clips_to_tensor(clips: Pixels) -> Tensor:
    """(n, frames, height, width, 3) uint8 to (n, 3, frames, height, width) float32 in −1..1."""
    floats = torch.from_numpy(clips).permute(0, 4, 1, 2, 3).float()
    return floats.div_(127.5).sub_(1)


def clips_to_pixels(tensor: Tensor) -> Pixels:
    """The other way round; values beyond −1..1 are cut off."""
    count = len(tensor)
    frames = to_pixels(tensor.transpose(1, 2).flatten(0, 1))
    return frames.reshape(count, -1, *frames.shape[1:])
