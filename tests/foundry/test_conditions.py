"""What training gives the transformer is what the stock pipeline gives it, number for number."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tests.foundry.parts.footages import write_footage
from tests.foundry.parts.motions import tiny_pipeline

from foundry.clip_latents import ClipLatents
from foundry.conditions import Conditions
from foundry.footage import Footage

FRAMES = 9
ALL = np.arange(FRAMES)
TWO = np.arange(2), np.stack([ALL, ALL])


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return tiny_pipeline()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return write_footage(tmp_path_factory.mktemp("data"), 2, 1, FRAMES, 32)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("guided", "before"), [(False, False), (True, False), (True, True)])
def test_conditions_are_the_pipelines(
    pipeline: Any, data: Footage, guided: bool, before: bool, last: bool, tmp_path: Path
) -> None:
    latents = ClipLatents.of(data, pipeline.vae, tmp_path)
    batch = latents.take(np.array([1]), ALL[None])
    clip = data.clips([1])[0]
    fed: list[torch.Tensor] = []
    forward = pipeline.transformer.forward

    def watch(hidden_states: torch.Tensor, **others: Any) -> Any:
        fed.append(hidden_states)
        return forward(hidden_states, **others)

    pipeline.transformer.forward = watch
    guide = data.guides_of([1])[0].copy()
    if before:
        guide[1] = clip[1]
    shown = [Image.fromarray(frame) for frame in guide]
    pipeline.follow(shown if guided else None, noise=0.3, given=2 if before else 1)
    noise = torch.randn(batch.clean.shape)
    text = torch.zeros(1, 4, pipeline.transformer.config.text_dim)
    pipeline(
        image=Image.fromarray(clip[0]),
        last_image=Image.fromarray(clip[-1]) if last else None,
        prompt_embeds=text,
        negative_prompt_embeds=text,
        height=32,
        width=32,
        num_frames=FRAMES - 1,
        num_inference_steps=1,
        latents=noise,
        output_type="latent",
    )
    pipeline.transformer.forward = forward

    given = torch.from_numpy(((2 if before else 1) > ALL) | (last & (ALL == FRAMES - 1)))[None]
    led = torch.tensor([guided])
    known = Conditions.of(batch.clean, batch.guide, latents.grey, given, led)
    mine = known.joined(known.begun(noise, 0.3))
    assert mine.shape == fed[0].shape
    # Cached latents are rounded to half precision.
    assert torch.allclose(mine, fed[0], atol=2e-3 * float(fed[0].abs().max()))
    mask = noise.shape[1]
    assert torch.equal(mine[:, mask], fed[0][:, mask])
    assert mine[:, mask].sum() == given.sum() * mine[0, 0, 0].numel()


def test_clean_latents_are_those_that_the_pipeline_decodes(
    pipeline: Any, data: Footage, tmp_path: Path
) -> None:
    batch = ClipLatents.of(data, pipeline.vae, tmp_path).take(*TWO)
    clips = torch.from_numpy(data.clips([0, 1])).permute(0, 4, 1, 2, 3) / 127.5 - 1
    config = pipeline.vae.config
    mean, spread = (
        torch.tensor(one).view(1, -1, 1, 1, 1) for one in (config.latents_mean, config.latents_std)
    )

    with torch.no_grad():
        expected = (pipeline.vae.encode(clips).latent_dist.mode() - mean) / spread

    assert torch.allclose(batch.clean, expected, atol=2e-3 * float(expected.abs().max()))
    assert batch.moved.shape == (2, 1, FRAMES, 4, 4)
    assert not batch.moved[:, :, 0].any() and batch.moved[:, :, 1:].any()


def test_footage_that_has_grown_is_encoded_further(
    pipeline: Any, data: Footage, tmp_path: Path
) -> None:
    less = Footage(
        [shard[:1] for shard in data.shards],
        data.records[:1],
        [guide[:1] for guide in data.guides],
    )
    ClipLatents.of(less, pipeline.vae, tmp_path / "parts")

    parts = ClipLatents.of(data, pipeline.vae, tmp_path / "parts").take(*TWO)
    whole = ClipLatents.of(data, pipeline.vae, tmp_path / "whole").take(*TWO)

    assert torch.allclose(parts.clean, whole.clean, atol=1e-2)


def test_any_frames_of_a_clip_are_taken(pipeline: Any, data: Footage, tmp_path: Path) -> None:
    latents = ClipLatents.of(data, pipeline.vae, tmp_path)
    frames = np.array([[0, 3, 4], [0, 7, 8]])

    some, whole = latents.take(np.arange(2), frames), latents.take(*TWO)

    for one in ("clean", "guide", "moved"):
        mine, all_of_them = getattr(some, one), getattr(whole, one)
        assert torch.equal(mine[0], all_of_them[0][:, frames[0]])
        assert torch.equal(mine[1], all_of_them[1][:, frames[1]])
