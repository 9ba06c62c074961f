"""Steps from noise to a picture, with a network that knows the picture."""

import pytest
import torch
from torch import Generator, Tensor

from foundry.sampling import guided, sample


@pytest.mark.parametrize("steps", [1, 3, 8])
def test_a_network_that_knows_the_picture_draws_it(steps: int) -> None:
    generator = Generator().manual_seed(0)
    picture = torch.randn((2, 3, 4, 4), generator=generator)
    noise = torch.randn((2, 3, 4, 4), generator=generator)
    times: list[float] = []

    def predict(noisy: Tensor, time: Tensor) -> Tensor:
        times.append(float(time[0]))
        return (picture - noisy) / (1 - time.view(-1, 1, 1, 1))  # clean − noise

    assert torch.allclose(sample(predict, noise, steps, generator), picture, atol=1e-5)
    assert times[0] == 0 and times == sorted(times) and times[-1] < 1


def test_guidance_moves_away_from_what_no_prompt_would_give() -> None:
    def predict(noisy: Tensor, time: Tensor) -> Tensor:
        return torch.cat([torch.full_like(noisy[:1], 3.0), torch.full_like(noisy[:1], 1.0)])

    said = guided(predict, 2.0)(torch.zeros(1, 1, 2, 2), torch.zeros(1))

    assert (said == 3 + 2 * (3 - 1)).all()
