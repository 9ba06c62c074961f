"""What training gives the transformer is what the product's pipeline gives it, number for
number."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.motions import tiny_pipeline

from foundry.clip_latents import ClipLatents
from foundry.conditions import conditions_of
from foundry.footage import Footage

FRAMES = 9
ALL = np.arange(FRAMES)
TWO = np.arange(2), np.stack([ALL, ALL])
AS_THEY_ARE = np.zeros(2, np.bool_)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return tiny_pipeline()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return write_footage(tmp_path_factory.mktemp("data"), 2, 1, FRAMES, 32)


@pytest.mark.parametrize("given", [1, 2])
@pytest.mark.parametrize("mirror", [False, True])
def test_conditions_are_the_pipelines(
    pipeline: Any, data: Footage, given: int, mirror: bool, tmp_path: Path
) -> None:
    latents = ClipLatents.of(data, pipeline.vae, tmp_path)
    batch = latents.take(np.array([1]), ALL[None], np.array([mirror]))
    side = slice(None, None, -1 if mirror else 1)
    clip, guide = data.clips([1])[0, :, :, side], data.guides_of([1])[0, :, :, side]
    colours, new = guide[..., :3].copy(), guide[..., 3].astype(np.float32) / np.float32(255)
    colours[:given], new[:given] = clip[:given], 0
    fed: list[tuple[torch.Tensor, float]] = []
    forward = pipeline.transformer.forward

    def watch(hidden_states: torch.Tensor, timestep: torch.Tensor, **others: Any) -> Any:
        fed.append((hidden_states, float(timestep)))
        return forward(hidden_states, timestep, **others)

    pipeline.transformer.forward = watch
    text = torch.zeros(1, 4, pipeline.transformer.config.text_dim)
    pipeline.corrections(text, colours, new)
    pipeline.transformer.forward = forward

    mine = conditions_of(batch.clean, batch.guide, batch.new, given)
    ((theirs, time),) = fed
    assert time == 1000
    assert mine.shape == theirs.shape
    # Cached latents are rounded to half precision.
    assert torch.allclose(mine, theirs, atol=2e-3 * float(theirs.abs().max()))
    mask = batch.clean.shape[1]
    assert torch.allclose(mine[:, mask], theirs[:, mask], atol=1e-3)
    assert (mine[:, mask, :given] == 1).all() and mine[:, mask, given:].min() == 0


def test_clean_latents_are_those_that_the_pipeline_decodes(
    pipeline: Any, data: Footage, tmp_path: Path
) -> None:
    batch = ClipLatents.of(data, pipeline.vae, tmp_path).take(*TWO, AS_THEY_ARE)
    clips = torch.from_numpy(data.clips([0, 1])).permute(0, 4, 1, 2, 3) / 127.5 - 1
    config = pipeline.vae.config
    mean, spread = (
        torch.tensor(one).view(1, -1, 1, 1, 1) for one in (config.latents_mean, config.latents_std)
    )

    with torch.no_grad():
        expected = (pipeline.vae.encode(clips).latent_dist.mode() - mean) / spread

    assert torch.allclose(batch.clean, expected, atol=2e-3 * float(expected.abs().max()))


def test_it_tells_how_much_of_each_frame_is_new(
    pipeline: Any, data: Footage, tmp_path: Path
) -> None:
    news = ClipLatents.of(data, pipeline.vae, tmp_path).news()

    assert news.shape == (2, FRAMES)
    assert not news[:, 0].any() and np.allclose(news[:, 1:], 0.5)


def test_footage_that_has_grown_is_encoded_further(
    pipeline: Any, data: Footage, tmp_path: Path
) -> None:
    less = Footage(
        [shard[:1] for shard in data.shards],
        data.records[:1],
        [guide[:1] for guide in data.guides],
    )
    ClipLatents.of(less, pipeline.vae, tmp_path / "parts")

    parts = ClipLatents.of(data, pipeline.vae, tmp_path / "parts").take(*TWO, AS_THEY_ARE)
    whole = ClipLatents.of(data, pipeline.vae, tmp_path / "whole").take(*TWO, AS_THEY_ARE)

    assert torch.allclose(parts.clean, whole.clean, atol=1e-2)


def test_any_frames_of_a_clip_are_taken(pipeline: Any, data: Footage, tmp_path: Path) -> None:
    latents = ClipLatents.of(data, pipeline.vae, tmp_path)
    frames = np.array([[0, 3, 4], [0, 7, 8]])

    some = latents.take(np.arange(2), frames, AS_THEY_ARE)
    whole = latents.take(*TWO, AS_THEY_ARE)

    for one in ("clean", "guide", "new"):
        mine, all_of_them = getattr(some, one), getattr(whole, one)
        assert torch.equal(mine[0], all_of_them[0][:, frames[0]])
        assert torch.equal(mine[1], all_of_them[1][:, frames[1]])
