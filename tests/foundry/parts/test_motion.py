"""The transformer of clips learns with its text encoder, resumes, and becomes a pipeline."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.motions import CPU, MOTION, tiny_motions
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.clip_latents import ClipLatents
from foundry.errors import TooLarge, WindowTooLong
from foundry.export_motion import export_motion
from foundry.footage import Footage
from foundry.networks.fast_wan import FastWan
from foundry.networks.requests import request_states
from foundry.parts.frames import load_frames
from foundry.parts.motion import (
    MotionTask,
    learn_request_tokenizer,
    load_motion,
)
from foundry.parts.motion_batches import MotionBatches
from foundry.parts.motion_recipe import MotionRecipe
from foundry.training.feed import Feed
from foundry.training.loop import train
from likeness.engine.painter import Painter
from likeness.engine.wan import states_of

FRAMES, WINDOW = 13, 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("motion")


@pytest.fixture(scope="module")
def data(folder: Path) -> Footage:
    return write_footage(folder / "data", people=3, clips=2, frames=FRAMES, size=32)


@pytest.fixture(scope="module")
def make(data: Footage, folder: Path) -> Callable[[], MotionTask]:
    return tiny_motions(data, folder)


@pytest.fixture(scope="module")
def trained(make: Callable[[], MotionTask], folder: Path) -> MotionTask:
    task = make()
    train(task, MOTION, MOTION.plan, folder / "run")
    return task


@pytest.fixture(scope="module")
def exported(data: Footage, folder: Path, trained: MotionTask) -> Path:
    vae = load_frames(folder / "frames", CPU)
    export_motion(folder / "run", vae, data, folder / "tiny-motion")
    return folder / "tiny-motion"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"window": 8}, "one more than a multiple"),
        ({"shape": {"width": 50, "heads": 2, "layers": 2, "hidden": 64}}, "multiple of 6"),
    ],
)
def test_recipes_that_cannot_be_are_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        MotionRecipe.model_validate(MOTION.model_dump() | changes)


def test_it_learns(make: Callable[[], MotionTask], trained: MotionTask) -> None:
    steps = range(1000, 1008)

    assert mean_loss(trained, steps) < 0.9 * mean_loss(make(), steps)


def test_every_weight_learns(make: Callable[[], MotionTask]) -> None:
    task = make()
    for weight in task.network.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    task.losses(1)["loss"].backward()

    without = {
        name
        for name, weight in task.network.named_parameters()
        if weight.grad is None or not weight.grad.any()
    }

    assert not without


def test_it_resumes_exactly(make: Callable[[], MotionTask], tmp_path: Path) -> None:
    check_resuming(make, MOTION, MOTION.plan, tmp_path)


def test_what_it_has_not_learned_it_leaves_as_it_is(make: Callable[[], MotionTask]) -> None:
    losses = make().losses(5)

    assert torch.allclose(losses["new"], losses["guide"], rtol=0.05)


def test_what_is_new_weighs_and_what_is_given_is_not_new(make: Callable[[], MotionTask]) -> None:
    batch = make()._batch._make(7)

    assert not batch.new[:, :2].any()
    assert (batch.new[:, 2:].amax(dim=(2, 3)) == 1).all()
    assert not batch.aim[:, :, :2].any() and batch.aim[:, :, 2:].any()


def test_windows_begin_with_the_first_frame_and_lie_anywhere(
    make: Callable[[], MotionTask],
) -> None:
    batches = make()._batch._make
    assert isinstance(batches, MotionBatches)
    rng = np.random.default_rng(0)
    frames = np.concatenate([batches._frames(rng) for _ in range(30)])

    assert not frames[:, 0].any() and frames.max() == FRAMES - 1
    assert (np.diff(frames[:, 1:]) == 1).all()
    assert set(frames[:, 1].tolist()) == {0, 1, 2, 3, 4, 5}


def test_clips_in_which_more_is_new_are_seen_more_often(
    make: Callable[[], MotionTask], data: Footage, folder: Path
) -> None:
    vae = load_frames(folder / "frames", CPU)
    latents = ClipLatents.of(data, vae, folder / "latents")
    blocks = [block.copy() for block in latents.blocks]
    blocks[0][1:, :, -1] = 0
    tokenizer = learn_request_tokenizer(MOTION, data, folder / "run")

    batches = MotionBatches(MOTION, data, ClipLatents(blocks), tokenizer)

    assert batches._often[0] > 10 * batches._often[1] > 0
    assert np.isclose(batches._often.sum(), 1)


def test_windows_longer_than_clips_are_refused(data: Footage, folder: Path) -> None:
    recipe = MOTION.model_copy(update={"window": FRAMES + 4})
    vae = load_frames(folder / "frames", CPU)
    latents = ClipLatents.of(data, vae, folder / "latents")
    tokenizer = learn_request_tokenizer(MOTION, data, folder / "run")

    with pytest.raises(WindowTooLong, match=r"17 frames at once.*have 13"):
        MotionTask(recipe, data, latents, vae, tokenizer, CPU)


def test_batches_made_ahead_are_the_same(make: Callable[[], MotionTask]) -> None:
    alone = make()._batch._make
    ahead = Feed(make()._batch._make, 4)

    for step in range(6):
        for mine, theirs in zip(
            vars(alone(step)).values(), vars(ahead(step)).values(), strict=True
        ):
            assert torch.equal(mine, theirs)


def test_the_product_paints_with_what_was_exported(exported: Path, data: Footage) -> None:
    painter = Painter(exported, "cpu")
    guide = data.guides_of([0])[0][:6]
    colours = np.ascontiguousarray(guide[..., :3])
    new = guide[..., 3].astype(np.float32) / np.float32(255)

    changes = painter.paint("zyx turns her head to the left, ögür", colours, new)

    assert changes.shape == (6, 32, 32, 3) and changes.any()
    assert painter.manifest.window == WINDOW and painter.manifest.side == 32


def test_the_export_predicts_what_training_did(
    exported: Path, data: Footage, folder: Path, trained: MotionTask
) -> None:
    pipeline = Painter(exported, "cpu")._pipeline
    transformer, encoder = load_motion(folder / "run", 4)
    tokenizer = learn_request_tokenizer(MOTION, data, folder / "run")
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(1, 9, WINDOW, 4, 4, generator=generator)
    time = torch.tensor([400.0])

    with torch.no_grad():
        text = request_states(encoder, tokenizer, ["she nods"], MOTION.words, CPU)
        expected = FastWan(transformer)(latents, time, text)
        dtype = pipeline.transformer.dtype
        predicted = pipeline.transformer(
            latents.to(dtype),
            time,
            states_of(pipeline, "she nods", CPU).to(dtype),
            return_dict=False,
        )[0]

    # The export is rounded to bfloat16: 8 bits.
    assert torch.allclose(predicted.float(), expected, atol=0.05 * float(expected.abs().max()))


def test_the_export_tells_what_it_is_and_nothing_of_where_it_was_made(
    exported: Path, folder: Path
) -> None:
    written = {path.name: path.read_text() for path in exported.rglob("*.json")}
    card = (exported / "README.md").read_text()

    assert not any("_name_or_path" in text for text in written.values())
    assert not any(str(folder) in text for text in [*written.values(), card])
    assert json.loads(written["model_index.json"])["_class_name"] == "WanImageToVideoPipeline"
    assert "6 clips" in card and "3 people" in card and "48 steps" in card


def test_too_large_a_pipeline_is_refused(
    data: Footage,
    folder: Path,
    trained: MotionTask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("foundry.export_motion.LARGEST", 1000)

    with pytest.raises(TooLarge, match="no more than 1,000 may ship"):
        export_motion(folder / "run", load_frames(folder / "frames", CPU), data, tmp_path / "large")
