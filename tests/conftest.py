"""What tests of several rooms share."""

from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.support.rooms import House
from tests.support.server import Server
from tests.support.stores import DATABASES, STORES, open_database, open_house
from tests.support.web import WEB_HOST

from likeness.store.database import Database

# How long an example takes says more about the machine than about the program.
settings.register_profile("likeness", deadline=None)
settings.load_profile("likeness")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random base: what takes minutes on a real one takes a second here."""
    from tests.support.tiny_base import build_tiny_base  # most tests need no torch

    return build_tiny_base(tmp_path_factory.mktemp("bases") / "tiny")


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    """A new database without tables."""
    with open_database(request.param, tmp_path) as database:
        yield database


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[House]:
    """A new data folder with one account."""
    with open_house(request.param, tmp_path / "data") as house:
        yield house


@pytest.fixture(scope="module", params=STORES)
def shared_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[House]:
    """A data folder for all tests of a module; each example uses what it has made there."""
    with open_house(request.param, tmp_path_factory.mktemp("shared")) as house:
        yield house


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Generator[Server]:
    """One running server that tests share; each test uses models of its own."""
    data = tmp_path_factory.mktemp("server") / "data"
    allowed = f"{WEB_HOST}/32"
    with Server(data, tiny_folder, public_models="local", fetch_allow=allowed) as server:
        yield server
