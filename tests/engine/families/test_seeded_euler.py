from typing import Any

import torch
from torch import Tensor

from likeness.engine.families.seeded_euler import SeededEuler
from likeness.engine.noise import draw_noise, generators_of

SHAPE = (2, 4, 4)


def drawn(*seeds: int) -> Tensor:
    """Latents after all steps of a network that always says the same."""
    scheduler = SeededEuler(shift=3.0, stochastic_sampling=True)
    scheduler.generators = generators_of(seeds)
    latents = draw_noise(scheduler.generators, SHAPE)
    scheduler.set_timesteps(4)
    times: Any = scheduler.timesteps  # diffusers declares none
    for time in times:
        latents = scheduler.step(torch.ones_like(latents), time, latents, return_dict=False)[0]
    return latents


def test_a_seed_draws_the_same_beside_any_other() -> None:
    alone, together = drawn(5), drawn(3, 5)

    assert torch.equal(alone[0], together[1])
    assert not torch.equal(together[0], together[1])


def test_the_process_s_own_generator_has_no_say() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    one = drawn(7)

    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(1)
    assert torch.equal(one, drawn(7))
