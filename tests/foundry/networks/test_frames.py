"""The autoencoder of clips, before it has learned anything."""

import torch

from foundry.networks.frames import FramesShape, build_frames, normalised, set_statistics
from likeness.engine.fast_frames import knows_frames_alone

SHAPE = FramesShape(width=8, latent_channels=4)


def test_its_frames_know_nothing_of_each_other() -> None:
    assert knows_frames_alone(build_frames(SHAPE))


def test_statistics_are_those_of_the_latents() -> None:
    stock = build_frames(SHAPE)
    means = torch.randn(6, 4, 4, 4) * 3 + torch.arange(4).view(1, -1, 1, 1)

    set_statistics(stock, means)

    seen = normalised(stock, means)
    assert torch.allclose(seen.mean(dim=(0, 2, 3)), torch.zeros(4), atol=1e-4)
    assert abs(float(seen.std()) - 1) < 1e-2
    assert len({*stock.config["latents_std"]}) == 1, "no channel is made louder than it was"
