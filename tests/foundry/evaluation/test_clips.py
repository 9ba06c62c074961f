"""What is measured of a clip is what was done to it."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from tests.foundry.parts.footages import write_footage

from foundry.dataset import Pixels
from foundry.evaluation.clips import MARGIN, Clips, as_seen, drift, flicker, standing
from foundry.footage import Footage
from foundry.judge import Judge
from foundry.networks.judge import JudgeNetwork
from foundry.networks.motion_judge import MotionJudge

FRAMES, SIDE = 9, 96


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return write_footage(tmp_path_factory.mktemp("data"), 2, 1, FRAMES, SIDE)


@pytest.fixture(scope="module")
def place() -> Pixels:
    """A picture with something to see everywhere."""
    noise = np.random.default_rng(0).integers(0, 255, (SIDE // 4, SIDE // 4, 3), dtype=np.uint8)
    large = cv2.resize(noise, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


@pytest.fixture(scope="module")
def half(place: Pixels) -> np.ndarray:
    """Where nothing moves when something is done to the lower part."""
    frames = np.repeat(place[None], 3, axis=0)
    frames[1:, SIDE // 2 :] = 255 - frames[1:, SIDE // 2 :]
    return standing(frames)


def test_what_moves_and_its_neighbourhood_do_not_stand(half: np.ndarray) -> None:
    assert half[: SIDE // 2 - MARGIN].all()
    assert not half[SIDE // 2 - MARGIN + 2 :].any()


@pytest.mark.parametrize("step", [0, 2])
def test_drift_is_the_way_from_frame_to_frame(place: Pixels, half: np.ndarray, step: int) -> None:
    frames = np.stack([np.roll(place, step * number, axis=1) for number in range(4)])

    assert drift(frames, half) == pytest.approx(step, abs=0.35)


def test_flicker_is_what_changes_where_nothing_should(place: Pixels, half: np.ndarray) -> None:
    frames = np.repeat(place[None], 4, axis=0).clip(0, 250)
    frames[::2, : SIDE // 2] += 3

    assert flicker(frames, half) == pytest.approx(3)
    assert flicker(frames[::2], half) == 0


def test_a_user_sees_nearly_what_was_drawn(place: Pixels) -> None:
    blurred = [cv2.GaussianBlur(place, (0, 0), 2 + number) for number in range(3)]
    frames = np.stack(blurred).astype(np.uint8)

    seen = as_seen(frames)

    assert seen.shape == frames.shape
    assert 0 < np.abs(seen.astype(int) - frames).mean() < 6


def test_a_clip_is_measured_beside_its_render(data: Footage) -> None:
    torch.manual_seed(0)
    judge, motion_judge = Judge(JudgeNetwork(), torch.device("cpu")), MotionJudge().eval()
    rendered = data.clips([0])[0]
    still = np.repeat(rendered[:1], FRAMES, axis=0)

    found = Clips(data.records[0], still, rendered).figures("she turns", 1.5, judge, motion_judge)

    assert found.asked == ("turn left",)
    assert found.moved[0] < 1e-4 < found.moved[1]
    assert found.drift is not None and found.drift[0] < 0.1
    assert found.flicker is not None and found.flicker[0] < 1
    assert np.allclose(found.likeness[0], 1, atol=1e-4)
    seen = judge.look(rendered).embeddings
    assert np.allclose(found.likeness[1], seen @ seen[0], atol=1e-5)
    assert found.recognised == tuple(word in found.asked for word in found.said)


def test_nothing_is_said_of_a_place_that_the_camera_passes(data: Footage, tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge, motion_judge = Judge(JudgeNetwork(), torch.device("cpu")), MotionJudge().eval()
    take = data.records[0]
    moving = take.model_copy(
        update={"motion": take.motion.model_copy(update={"camera": "push in"})}
    )
    rendered = data.clips([0])[0]

    found = Clips(moving, rendered, rendered).figures("she turns", 1.5, judge, motion_judge)

    assert found.drift is None and found.flicker is None
    assert found.likeness[0] == found.likeness[1]
