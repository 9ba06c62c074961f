import os
import pickle
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from tests.support.foreign_model import compact_weights, needs_spandrel

from likeness.engine.errors import UpscalerUnusable
from likeness.engine.foreign_upscaler import MARGIN, load_foreign
from likeness.engine.upscaler_network import UpscalerNetwork
from likeness.engine.upscaling import TILE, Factor, Upscaler
from likeness.engine.weights import save_weights

pytestmark = needs_spandrel
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 255, (53, 71, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.fixture
def model(tmp_path: Path) -> Callable[..., Path]:
    def write(factor: int, *, channels: int = 3, plain: bool = False) -> Path:
        file = tmp_path / f"{factor}x{channels}.safetensors"
        save_file(compact_weights(factor, channels, plain=plain), file)
        return file

    return write


def blocks(picture: Image.Image, factor: int) -> np.ndarray:
    """Every pixel as many pixels of its colour."""
    return np.asarray(picture).repeat(factor, axis=0).repeat(factor, axis=1)


@pytest.mark.parametrize("factor", [2, 4])
def test_pictures_are_what_the_model_makes(
    model: Callable[..., Path], picture: Image.Image, factor: Factor
) -> None:
    upscaler = Upscaler(load_foreign(model(factor, plain=True), CPU), tile=32)

    assert (np.asarray(upscaler.enlarge(picture, factor)) == blocks(picture, factor)).all()


@pytest.mark.parametrize("own", [2, 3, 4, 8])
@pytest.mark.parametrize("factor", [2, 4])
def test_any_factor_becomes_the_one_asked_for(
    model: Callable[..., Path], own: int, factor: Factor
) -> None:
    ramp = Image.merge("RGB", [Image.linear_gradient("L").resize((40, 48))] * 3)
    large = Upscaler(load_foreign(model(own, plain=True), CPU)).enlarge(ramp, factor)

    assert large.size == (40 * factor, 48 * factor)
    back = np.asarray(large.resize(ramp.size, Image.Resampling.BOX), int)
    assert np.abs(back - np.asarray(ramp, int)).max() <= 2


@pytest.mark.parametrize("own", [2, 3, 4])
@pytest.mark.parametrize("factor", [2, 4])
def test_tiles_show_no_seams(
    model: Callable[..., Path], picture: Image.Image, own: int, factor: Factor
) -> None:
    network = load_foreign(model(own), CPU)
    whole = np.asarray(Upscaler(network, tile=1000).enlarge(picture, factor), int)
    tiled = np.asarray(Upscaler(network, tile=16).enlarge(picture, factor), int)

    assert whole.std() > 20
    assert np.abs(whole - tiled).max() <= 1


def test_windows_of_attention_lie_in_tiles_as_in_the_picture() -> None:
    """Of 8, 16 or 32 px: they begin where a tile with its margin begins."""
    assert TILE % 32 == 0 and MARGIN % 32 == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 90)])
def test_any_size_can_be_enlarged(model: Callable[..., Path], size: tuple[int, int]) -> None:
    large = Upscaler(load_foreign(model(4), CPU)).enlarge(Image.new("RGB", size, "teal"))

    assert large.size == (size[0] * 4, size[1] * 4)


def test_pickled_weights_are_read(picture: Image.Image, tmp_path: Path) -> None:
    """As Real-ESRGAN is published: a pickle with the weights under a name."""
    torch.save({"params_ema": compact_weights(4, plain=True)}, tmp_path / "model.pth")

    upscaler = Upscaler(load_foreign(tmp_path / "model.pth", CPU))

    assert (np.asarray(upscaler.enlarge(picture)) == blocks(picture, 4)).all()


def test_code_in_a_pickle_is_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    (tmp_path / "old.pth").write_bytes(pickle.dumps(Trap()))
    torch.save({"params": Trap()}, tmp_path / "new.pth")

    for name in ("old.pth", "new.pth"):
        with pytest.raises(UpscalerUnusable, match="cannot be read"):
            load_foreign(tmp_path / name, CPU)
    assert not (tmp_path / "sprung").exists()


def test_what_does_not_enlarge_colour_pictures_is_refused(
    model: Callable[..., Path], tmp_path: Path
) -> None:
    save_weights(UpscalerNetwork(), tmp_path / "ours.safetensors")
    (tmp_path / "nonsense.pth").write_bytes(b"nonsense")
    wrong = {
        tmp_path / "nowhere.pth": "not there",
        tmp_path / "ours.safetensors": "cannot be read",
        tmp_path / "nonsense.pth": "cannot be read",
        model(1): "does not enlarge",
        model(4, channels=1): "not for colour",
    }

    for file, words in wrong.items():
        with pytest.raises(UpscalerUnusable, match=f"{file}.*{words}"):
            load_foreign(file, CPU)


def test_a_missing_package_is_named(
    model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spandrel", None)

    with pytest.raises(UpscalerUnusable, match="package spandrel is not installed"):
        load_foreign(model(4), CPU)


def test_nobody_else_meets_what_stands_in_for_torchvision(model: Callable[..., Path]) -> None:
    load_foreign(model(4), CPU)

    assert "torchvision" not in sys.modules
    assert find_spec("torchvision") is None
