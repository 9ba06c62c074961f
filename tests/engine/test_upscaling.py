import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from tests.engine.conftest import ASHA

from likeness.bases import find_part
from likeness.engine.errors import LoadFailed
from likeness.engine.upscaler_network import REACH, UpscalerNetwork
from likeness.engine.upscaling import FILE, TILE, Factor, Upscaler, factor_for, tiles
from likeness.engine.weights import load_weights, save_weights


@pytest.fixture(scope="module")
def network() -> UpscalerNetwork:
    """Random weights everywhere: as trained, every convolution passes on what it sees."""
    torch.manual_seed(0)
    network = UpscalerNetwork()
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.05)
    return network


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 255, (53, 71, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("side", [13, 32])
@pytest.mark.parametrize("factor", [2, 4])
def test_tiles_show_no_seams(
    network: UpscalerNetwork, picture: Image.Image, side: int, factor: Factor
) -> None:
    whole = np.asarray(Upscaler(network, tile=1000).enlarge(picture, factor), int)
    tiled = np.asarray(Upscaler(network, tile=side).enlarge(picture, factor), int)

    # The sums may be added up in another order, which may tip the rounding.
    assert np.abs(whole - tiled).max() <= 1


def test_no_seam_is_seen_in_a_photo() -> None:
    """By the upscaler that ships, in tiles of its own size."""
    with Image.open(sorted((ASHA / "train").glob("*.jpg"))[0]) as photo:
        small = photo.convert("RGB").resize((200, 130))
    tiled = np.asarray(Upscaler.load(find_part("upscaler")).enlarge(small), int)
    network = UpscalerNetwork()
    load_weights(network, find_part("upscaler") / FILE)
    whole = np.asarray(Upscaler(network, tile=1000).enlarge(small), int)

    assert np.abs(whole - tiled).max() <= 1


MEASURE = r"""
import re, torch
from pathlib import Path
from PIL import Image
from likeness.engine.upscaler_network import UpscalerNetwork
from likeness.engine.upscaling import TILE, Upscaler

def peak(side, tile=TILE):
    Upscaler(UpscalerNetwork(), tile).enlarge(Image.new("RGB", (side, side), "teal"))
    return 1024 * int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])

torch.set_num_threads(1)
print(peak(3 * TILE), peak(4 * TILE), peak(4 * TILE, 4 * TILE))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux tells it")
def test_memory_stays_flat() -> None:
    """A larger picture takes what it and its enlarged version take; without tiles, far more."""
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, check=True)
    small, large, whole = (int(figure) for figure in done.stdout.split())
    pictures = 3 * (4 * TILE) ** 2 * (1 + 4**2)

    assert large - small < pictures + 2**24
    assert whole - large > 2**26


def test_the_reach_is_as_far_as_the_network_looks(network: UpscalerNetwork) -> None:
    small = torch.zeros(1, 3, 61, 61)
    touched = small.clone()
    touched[..., 30, 30] = 1
    network = network.double()
    with torch.no_grad():
        rows = (network(small.double()) != network(touched.double())).any(dim=1)[0].any(dim=1)
    network.float()

    first, last = (int(row) // 4 for row in rows.nonzero()[[0, -1], 0])
    assert first >= 30 - REACH and last <= 30 + REACH
    assert REACH <= 32


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (97, 95)])
def test_any_size_becomes_four_times_as_large(
    network: UpscalerNetwork, size: tuple[int, int]
) -> None:
    large = Upscaler(network).enlarge(Image.new("RGB", size, "teal"))

    assert large.size == (size[0] * 4, size[1] * 4)
    assert large.mode == "RGB"


@pytest.mark.parametrize(
    ("size", "factor"), [((1024, 800), 4), ((1025, 800), 2), ((10, 4096), 2), ((9000, 10), 2)]
)
def test_pictures_grow_to_4096_px_or_to_twice_their_size(
    size: tuple[int, int], factor: Factor
) -> None:
    assert factor_for(*size) == factor


def test_every_tile_is_told_and_may_cancel(network: UpscalerNetwork, picture: Image.Image) -> None:
    class Cancelled(Exception):
        pass

    def cancel(tile: int, _tiles: int) -> None:
        if tile == 2:
            raise Cancelled

    seen: list[tuple[int, int]] = []
    upscaler = Upscaler(network, tile=40)
    upscaler.enlarge(picture, 2, lambda *progress: seen.append(progress))

    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(Cancelled):
        upscaler.enlarge(picture, 2, cancel)


def test_grey_and_transparent_pictures_become_rgb(network: UpscalerNetwork) -> None:
    for mode in ("L", "RGBA", "P"):
        assert Upscaler(network).enlarge(Image.new(mode, (5, 4))).mode == "RGB"


def test_tiles_cover_a_picture_once_and_never_grow() -> None:
    """Memory does not depend on the picture's size: no tile is larger than the largest."""
    width, height = 1000, 333
    count = np.zeros((height, width), int)
    for tile in tiles(width, height):
        left, top, right, bottom = tile.part
        count[top:bottom, left:right] += 1
        left, top, right, bottom = tile.seen
        assert right - left <= TILE + 2 * REACH and bottom - top <= TILE + 2 * REACH
    assert (count == 1).all()


def test_an_untrained_upscaler_enlarges_like_bicubic_splines(picture: Image.Image) -> None:
    plain = np.asarray(picture.resize((284, 212), Image.Resampling.BICUBIC), int)
    made = np.asarray(Upscaler(UpscalerNetwork()).enlarge(picture), int)

    # Pillow's splines are a little less steep than torch's.
    assert np.abs(plain - made).mean() < 6


def test_weights_are_read_from_a_folder(
    network: UpscalerNetwork, picture: Image.Image, tmp_path: Path
) -> None:
    save_weights(network, tmp_path / FILE)

    assert (tmp_path / FILE).stat().st_size < 1_000_000
    loaded = np.asarray(Upscaler.load(tmp_path).enlarge(picture), int)
    assert np.abs(loaded - np.asarray(Upscaler(network).enlarge(picture), int)).mean() < 1


def test_missing_damaged_and_foreign_weights_are_told(tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match=FILE):
        Upscaler.load(tmp_path)
    (tmp_path / FILE).write_bytes(b"nonsense")
    with pytest.raises(LoadFailed, match=FILE):
        Upscaler.load(tmp_path)
    save_weights(torch.nn.Linear(2, 2), tmp_path / FILE)
    with pytest.raises(LoadFailed, match="of another network"):
        Upscaler.load(tmp_path)


@pytest.mark.parametrize(
    ("asked", "size"),
    [((20, 16), (20, 16)), ((8, 8), (20, 16)), ((21, 16), (80, 64)), ((20, 200), (80, 64))],
)
def test_only_what_is_too_small_is_enlarged(
    picture: Image.Image, asked: tuple[int, int], size: tuple[int, int]
) -> None:
    small = picture.resize((20, 16))

    reached = Upscaler(UpscalerNetwork()).reach(small, *asked)

    assert reached.size == size
    assert (reached is small) == (size == (20, 16))
