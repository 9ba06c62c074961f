from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from likeness.engine.enhancing import FaceEnhancer
from likeness.engine.sampling import Sampler, SampleRequest
from likeness.engine.upscaler_network import UpscalerNetwork
from likeness.engine.upscaling import Upscaler

REQUEST = SampleRequest(("photo of ohwx, at the beach",), (5,), width=96, height=40, steps=4)


def nothing(_step: int, _steps: int) -> None: ...


@pytest.fixture(scope="module")
def enhancer(sampler: Sampler) -> FaceEnhancer:
    return FaceEnhancer(sampler, Upscaler(UpscalerNetwork()))


def test_the_head_is_drawn_again_and_nothing_else(
    enhancer: FaceEnhancer, far_away: Image.Image, adapter: Path
) -> None:
    closeup = enhancer.look(far_away)
    assert closeup is not None
    seen: list[tuple[int, int]] = []

    enhanced = enhancer.enhance(far_away, REQUEST, adapter, lambda *step: seen.append(step))

    assert (enhanced.size, enhanced.mode) == (far_away.size, "RGB")
    assert [step for step, _ in seen] == list(range(1, seen[0][1] + 1))
    differs = (np.asarray(far_away) != np.asarray(enhanced)).any(axis=2)
    left, top, right, bottom = closeup.box
    x, y, half = (round(part) for part in (closeup.face.x, closeup.face.y, closeup.face.side / 2))
    square = differs[top:bottom, left:right]
    assert square[y - half : y + half, x - half : x + half].mean() > 0.9
    square[:] = False
    assert not differs.any()


def test_the_same_request_gives_the_same_bytes(
    enhancer: FaceEnhancer, far_away: Image.Image, adapter: Path
) -> None:
    def drawn(seed: int) -> bytes:
        request = replace(REQUEST, seeds=(seed,))
        return enhancer.enhance(far_away, request, adapter, nothing).tobytes()

    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)


def test_a_picture_without_a_face_stays_as_it_is(enhancer: FaceEnhancer, adapter: Path) -> None:
    blank = Image.new("RGB", (64, 64), "grey")

    def on_step(*_: int) -> None:
        raise AssertionError("nothing is to be drawn")

    assert enhancer.enhance(blank, REQUEST, adapter, on_step) is blank


def test_it_can_be_cancelled_at_every_step(
    enhancer: FaceEnhancer, far_away: Image.Image, adapter: Path
) -> None:
    class Cancelled(Exception):
        pass

    def cancel(step: int, _steps: int) -> None:
        if step == 1:
            raise Cancelled

    before = enhancer.enhance(far_away, REQUEST, adapter, nothing)
    with pytest.raises(Cancelled):
        enhancer.enhance(far_away, REQUEST, adapter, cancel)

    assert enhancer.enhance(far_away, REQUEST, adapter, nothing).tobytes() == before.tobytes()
