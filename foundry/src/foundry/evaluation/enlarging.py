"""The upscaler beside Lanczos, on held-out renders and on photographs."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict

from foundry.dataset import Pixels
from likeness.engine.upscaler_network import FACTOR
from likeness.engine.upscaling import Upscaler


class EnlargingFigures(BaseModel):
    """Means over pictures; PSNR in dB, SSIM in 0..1 (Wang et al., 2004)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pictures: int
    psnr: float
    psnr_lanczos: float
    ssim: float
    ssim_lanczos: float

    @property
    def gain(self) -> float:
        return self.psnr - self.psnr_lanczos


def measure_enlarging(upscaler: Upscaler, pictures: Sequence[Pixels]) -> EnlargingFigures:
    """Shrink each picture to a quarter (Lanczos), enlarge it both ways, compare."""
    rows: list[tuple[float, float, float, float]] = []
    for picture in pictures:
        height, width = (side // FACTOR * FACTOR for side in picture.shape[:2])
        whole = picture[:height, :width]
        image = Image.fromarray(whole)
        small = image.resize((width // FACTOR, height // FACTOR), Image.Resampling.LANCZOS)
        ours = np.asarray(upscaler.enlarge(small))
        lanczos = np.asarray(small.resize((width, height), Image.Resampling.LANCZOS))
        rows.append(
            (psnr(ours, whole), psnr(lanczos, whole), ssim(ours, whole), ssim(lanczos, whole))
        )
    ours_psnr, other_psnr, ours_ssim, other_ssim = np.mean(rows, axis=0).tolist()
    return EnlargingFigures(
        pictures=len(rows),
        psnr=ours_psnr,
        psnr_lanczos=other_psnr,
        ssim=ours_ssim,
        ssim_lanczos=other_ssim,
    )


def psnr(one: Pixels, other: Pixels) -> float:
    error = np.mean((one.astype(np.float64) - other) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-10)))


def ssim(one: Pixels, other: Pixels) -> float:
    """Structural similarity of lightness, with a Gaussian window of 1.5 px (Wang et al., 2004)."""
    first, second = (
        cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64) for picture in (one, other)
    )

    def blur(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values, (11, 11), 1.5)[5:-5, 5:-5]

    mean_one, mean_other = blur(first), blur(second)
    var_one = blur(first**2) - mean_one**2
    var_other = blur(second**2) - mean_other**2
    both = blur(first * second) - mean_one * mean_other
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    light = (2 * mean_one * mean_other + c1) / (mean_one**2 + mean_other**2 + c1)
    shape = (2 * both + c2) / (var_one + var_other + c2)
    return float((light * shape).mean())
