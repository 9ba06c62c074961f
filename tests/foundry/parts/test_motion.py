"""The transformer of clips learns with its text encoder, resumes, and becomes a pipeline."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler
from PIL import Image
from pydantic import ValidationError
from tests.engine.clips import clip_request, nothing, upscaler
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.motions import CPU, MOTION, tiny_motions
from tests.foundry.parts.runs import check_resuming, mean_loss

from foundry.errors import TooLarge
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
from foundry.parts.motion_batches import MotionBatches, draw_noise
from foundry.parts.motion_recipe import MotionRecipe
from foundry.training.feed import Feed
from foundry.training.loop import train
from likeness.engine.between import Pixels
from likeness.engine.clip import ClipRequest, Report
from likeness.engine.pipeline_clips import PipelineEngine

FRAMES = 9


class Acted:
    """Whose clips stand still."""

    def beginning(self, request: ClipRequest, report: Report) -> Image.Image:
        return Image.new("RGB", (request.width, request.height))

    def clip(self, request: ClipRequest, report: Report) -> Iterator[Pixels]:
        return iter([np.asarray(request.first)] * request.frames)


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
        ({"asked_after": 3}, "more than shape.layers"),
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


def test_what_moves_and_the_face_weigh_more_and_what_is_given_less(
    make: Callable[[], MotionTask],
) -> None:
    batches = make()._batch._make
    assert isinstance(batches, MotionBatches)
    still, moving = torch.zeros(2, FRAMES, 4, 4), torch.zeros(2, FRAMES, 4, 4)
    moving[1, 2, 3, 3] = 1.0

    weights = batches.weights(np.array([0, 1]), still)
    moved = batches.weights(np.array([0, 1]), moving)

    assert torch.allclose(weights.mean(dim=(1, 2, 3)), torch.ones(2))
    assert torch.allclose(weights[:, 1:].amax(dim=(1, 2, 3)), 2 * weights[:, 1, 0, 0])
    assert torch.allclose(weights[:, 0, 0, 0], 0.2 * weights[:, 1, 0, 0])
    more = moved[1] / weights[1]
    assert torch.allclose(more[2, 3, 3], 4 * more[1, 3, 3])
    assert torch.allclose(moved[0], weights[0])


def test_batches_made_ahead_are_the_same(make: Callable[[], MotionTask]) -> None:
    alone = make()._batch._make
    ahead = Feed(make()._batch._make, 4)

    for step in range(6):
        for mine, theirs in zip(
            vars(alone(step)).values(), vars(ahead(step)).values(), strict=True
        ):
            assert torch.equal(mine, theirs)


def test_noise_is_drawn_where_the_steps_of_sampling_are() -> None:
    plan = MOTION.plan.model_copy(update={"batch": 400})
    even, shifted = (
        draw_noise(
            MOTION.model_copy(update={"plan": plan, "uniform": 1.0, "shift": shift}),
            np.random.default_rng(0),
        )
        for shift in (1.0, 3.0)
    )
    scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    scheduler.set_timesteps(100)

    assert even.min() > 0 and even.max() < 1
    assert abs(float(even.mean()) - 0.5) < 0.01
    assert abs(float(shifted.mean()) - float(scheduler.sigmas[:-1].mean())) < 0.02


def test_the_product_makes_clips_with_what_was_exported(exported: Path, data: Footage) -> None:
    first, last = (Image.fromarray(data.clips([0])[0][place]) for place in (0, -1))
    engine = PipelineEngine(exported, "cpu", Acted, upscaler())

    request = clip_request(
        prompt="zyx turns her head to the left, ögür",
        **{"width": 32, "height": 32, "frames": 6, "rate": 8, "first": first, "last": last},
    )

    drawn = list(engine.clip(request, nothing))

    assert engine.name == "tiny-motion"
    assert [frame.shape for frame in drawn] == [(32, 32, 3)] * 6
    assert not np.array_equal(drawn[2], drawn[0])


def test_the_export_predicts_what_training_did(
    exported: Path, data: Footage, folder: Path, trained: MotionTask
) -> None:
    engine = PipelineEngine(exported, "cpu", Acted, upscaler())
    pipeline = engine._pipeline
    transformer, encoder = load_motion(folder / "run", 4)
    tokenizer = learn_request_tokenizer(MOTION, data, folder / "run")
    generator = torch.Generator().manual_seed(0)
    latents = torch.randn(1, 9, FRAMES, 4, 4, generator=generator)
    time = torch.tensor([400.0])

    with torch.no_grad():
        text = request_states(encoder, tokenizer, ["she nods"], MOTION.words, CPU)
        expected = FastWan(transformer)(latents, time, text)
        dtype = pipeline.transformer.dtype
        predicted = pipeline.transformer(
            latents.to(dtype), time, engine._read("she nods").to(dtype), return_dict=False
        )[0]

    # The export is rounded to bfloat16: 8 bits.
    assert torch.allclose(predicted.float(), expected, atol=0.05 * float(expected.abs().max()))
    assert pipeline.scheduler.config.prediction_type == "flow_prediction"


def test_the_export_tells_what_it_is_and_nothing_of_where_it_was_made(
    exported: Path, folder: Path
) -> None:
    written = {path.name: path.read_text() for path in exported.rglob("*.json")}
    card = (exported / "README.md").read_text()

    assert not any("_name_or_path" in text for text in written.values())
    assert not any(str(folder) in text for text in [*written.values(), card])
    assert json.loads(written["model_index.json"])["_class_name"] == "WanImageToVideoPipeline"
    assert "6 clips" in card and "3 people" in card and "12 steps" in card


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
