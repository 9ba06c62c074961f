import torch

from likeness.engine.noise import draw_noise, generators_of


def test_a_seed_means_the_same_noise_beside_any_other() -> None:
    alone = draw_noise(generators_of([5]), (4, 8, 8))
    together = draw_noise(generators_of([3, 5]), (4, 8, 8))

    assert torch.equal(alone[0], together[1])
    assert not torch.equal(together[0], together[1])
    assert alone.dtype == torch.float32


def test_it_is_standard_normal() -> None:
    noise = draw_noise(generators_of(range(16)), (4, 32, 32))

    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1) < 0.02


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    draw_noise(generators_of([1]), (4, 8, 8))

    assert torch.equal(before, torch.get_rng_state())
