"""How enlargements are compared."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from foundry.evaluation.enlarging import measure_enlarging, psnr, ssim
from likeness.engine.upscaler_network import UpscalerNetwork
from likeness.engine.upscaling import Upscaler


def picture(seed: int, side: int = 64) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (side // 8, side // 8, 3), np.uint8)
    return coarse.repeat(8, axis=0).repeat(8, axis=1)


@given(st.integers(0, 100))
def test_a_picture_is_itself(seed: int) -> None:
    assert ssim(picture(seed), picture(seed)) == pytest.approx(1)
    assert psnr(picture(seed), picture(seed)) > 100


def test_an_error_of_one_level_is_known() -> None:
    flat = np.full((32, 32, 3), 100, np.uint8)

    assert psnr(flat, flat + 1) == pytest.approx(20 * np.log10(255))


@given(st.integers(0, 50))
def test_noise_makes_pictures_unlike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noisy, noisier = (
        np.clip(picture(seed) + rng.normal(0, much, (64, 64, 3)), 0, 255).astype(np.uint8)
        for much in (5, 40)
    )

    assert ssim(picture(seed), noisy) > ssim(picture(seed), noisier)
    assert psnr(picture(seed), noisy) > psnr(picture(seed), noisier)


def test_both_ways_of_enlarging_are_measured() -> None:
    torch.manual_seed(0)

    figures = measure_enlarging(Upscaler(UpscalerNetwork()), [picture(1, 70), picture(2)])

    assert figures.pictures == 2
    assert 0 < figures.ssim_lanczos < 1
    assert figures.gain == figures.psnr - figures.psnr_lanczos
