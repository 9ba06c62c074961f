import pytest

from likeness.bases import Base
from likeness.engine.trainer import LOWEST_RATE, rate_at


def test_the_rate_rises_then_falls(tiny: Base) -> None:
    recipe = tiny.manifest.training.model_copy(update={"steps": 100, "warmup_steps": 9})
    rates = [rate_at(step, recipe) for step in range(100)]

    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9]
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert LOWEST_RATE < rates[-1] < 2 * LOWEST_RATE
