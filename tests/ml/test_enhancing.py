"""Do faces that are drawn again look more like the person?"""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.enhance_face import SEEDS, Bench
from tests.ml.conftest import PEOPLE
from tests.ml.measure import Eye

from likeness.engine.sampling import Sampler

pytestmark = pytest.mark.ml


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_likeness_goes_up(sampler: Sampler, adapters: dict[str, Path], eye: Eye, far: bool) -> None:
    bench = Bench(sampler)
    drawn = {person: bench.draw(person, adapters[person.name], far=far) for person in PEOPLE}
    found = [bench.likeness(person, cases, eye.embeddings) for person, cases in drawn.items()]
    taken = [case.taken for cases in drawn.values() for case in cases]

    assert len(taken) >= 0.9 * len(PEOPLE) * len(SEEDS)
    assert np.mean(taken) >= 1 / 3
    before, _, kept = np.concatenate(found).mean(axis=0)
    assert kept > before + 0.01
    for one in found:
        assert one[:, 2].mean() > one[:, 0].mean() - 0.005
