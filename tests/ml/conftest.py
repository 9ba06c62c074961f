"""The four people of `examples/people`, learned once for all tests."""

from pathlib import Path

import pytest
from PIL import Image
from tests.ml.measure import Embeddings, Eye
from tests.ml.people import learn, people

from likeness.bases import find_base
from likeness.engine.sampling import Sampler

PEOPLE = people()
THREADS = 2


def silent(*_: object) -> None: ...


@pytest.fixture(scope="session")
def sampler() -> Sampler:
    return Sampler(find_base("mini"), "cpu", THREADS)


@pytest.fixture(scope="session")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("adapters")
    return {person.name: learn(person, folder, THREADS) for person in PEOPLE}


@pytest.fixture(scope="session")
def eye() -> Eye:
    return Eye()


@pytest.fixture(scope="session")
def held_out(eye: Eye) -> dict[str, Embeddings]:
    return {
        person.name: eye.embeddings([Image.open(file) for file in person.held_out])
        for person in PEOPLE
    }
