"""Do faces that are drawn again look more like the person?"""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.enhance_face import SEEDS, Bench
from tests.ml.conftest import PEOPLE
from tests.ml.measure import Eye

from likeness.engine.sampling import Sampler

pytestmark = pytest.mark.ml


@pytest.mark.parametrize(("far", "gain"), [(False, -0.01), (True, 0.02)], ids=["near", "far"])
def test_likeness_goes_up(
    sampler: Sampler, adapters: dict[str, Path], eye: Eye, far: bool, gain: float
) -> None:
    """The reader has chosen the likelier of two drawings before as well as after, and sees less
    gain in large faces than the judge does, which does not ship: there, none may be lost."""
    bench = Bench(sampler)
    drawn = {person: bench.draw(person, adapters[person.name], far=far) for person in PEOPLE}
    found = [bench.likeness(person, cases, eye.embeddings) for person, cases in drawn.items()]

    assert sum(map(len, found)) >= 0.9 * len(PEOPLE) * len(SEEDS)
    before, after = np.concatenate(found).mean(axis=0)
    assert after > before + gain
    for one in found:
        assert one[:, 1].mean() > one[:, 0].mean() - 0.03
