from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.engine.conftest import ASHA
from tests.engine.pictures import psnr

from likeness.bases import Base, SamplingRecipe
from likeness.engine.adapter import read_adapter
from likeness.engine.candidates import candidate_seeds, likest
from likeness.engine.faces import FaceReader
from likeness.engine.sampling import Sampler, SampleRequest

PEOPLE = ASHA.parent


def photo_of(person: str) -> Image.Image:
    """One that the adapter of the tests was not trained on."""
    with Image.open(sorted((PEOPLE / person / "train").glob("*.jpg"))[-1]) as photo:
        return photo.convert("RGB")


@given(seed=st.integers(0, 2**63 - 1), count=st.integers(1, 6))
def test_a_picture_has_candidates_of_its_own(seed: int, count: int) -> None:
    seeds = candidate_seeds(seed, count)

    assert seeds[0] == seed
    assert len(set(seeds)) == count
    assert all(0 <= one < 2**63 for one in seeds)
    assert candidate_seeds(seed, count + 1)[:count] == seeds


@pytest.mark.parametrize("place", range(3))
def test_the_likest_is_kept(adapter: Path, reader: FaceReader, place: int) -> None:
    person = np.array(read_adapter(adapter).card.person, np.float32)  # trained on Asha
    own, *strangers = (photo_of(name) for name in ("asha", "ben", "chidi"))
    candidates = [*strangers[:place], own, *strangers[place:]]

    assert likest(candidates, person, reader) is own


def test_where_nobody_is_seen_the_first_is_kept(reader: FaceReader) -> None:
    blanks = [Image.new("RGB", (64, 64), "grey") for _ in range(3)]

    assert likest(blanks, np.eye(128, dtype=np.float32)[0], reader) is blanks[0]


@pytest.fixture(scope="module")
def choosing(tiny: Base) -> Callable[[int], Sampler]:
    """The tiny base, drawing so many candidates for each picture."""

    def build(candidates: int) -> Sampler:
        sampling = tiny.manifest.sampling.model_dump() | {"candidates": candidates}
        recipe = SamplingRecipe.model_validate(sampling)
        manifest = tiny.manifest.model_copy(update={"sampling": recipe})
        return Sampler(Base(tiny.folder, manifest), "cpu")

    return build


def test_what_is_kept_is_drawn_from_its_own_seed_or_its_candidates(
    choosing: Callable[[int], Sampler], sampler: Sampler, adapter: Path
) -> None:
    request = SampleRequest(("a man", "photo of ohwx"), (1, 2), 64, 64)
    chooses = choosing(3)

    plain = chooses.sample(request, None, lambda *_: None)
    kept = chooses.sample(request, adapter, lambda *_: None)

    expected = sampler.sample(request, None, lambda *_: None)
    assert [picture.tobytes() for picture in plain] == [one.tobytes() for one in expected]
    for picture, prompt, seed in zip(kept, request.prompts, request.seeds, strict=True):
        seeds = candidate_seeds(seed, 3)
        drawn = sampler.sample(
            SampleRequest((prompt,) * 3, seeds, 64, 64), adapter, lambda *_: None
        )
        assert max(psnr(picture, candidate) for candidate in drawn) >= 40
