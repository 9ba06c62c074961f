"""Clients of two accounts, and a model that is trained."""

from collections.abc import Generator
from typing import Any

import httpx
import pytest
from tests.contract import calls
from tests.support.server import Server, make_key


@pytest.fixture(scope="session")
def http(server: Server) -> Generator[httpx.Client]:
    """A client of the first account."""
    with server.http() as http:
        yield http


@pytest.fixture(scope="session")
def stranger(server: Server) -> Generator[httpx.Client]:
    """A client of another account."""
    with server.http(make_key(server.data, "stranger", "strangers")) as http:
        yield http


@pytest.fixture(scope="session")
def trained(http: httpx.Client) -> str:
    """A model of the first account that is ready."""
    model_id = calls.with_photos(http, 12, name="Trained", age=30, gender="Female")
    calls.result(calls.train(http, model_id))
    calls.wait_for_job(http, calls.model(http, model_id)["trainingJobId"])
    return model_id


@pytest.fixture(scope="session")
def generation(http: httpx.Client, trained: str) -> dict[str, Any]:
    """The record of a generation that made two pictures, from seed 7."""
    body = {"modelID": trained, "prompt": "at the beach", "numImages": 2, "seed": 7, "steps": 2}
    return calls.generate(http, {**body, "width": 300, "height": 200})


@pytest.fixture(scope="session")
def clip(http: httpx.Client) -> dict[str, Any]:
    """The record of a video of the first account: one second, from seed 7."""
    (made,) = calls.video(http, aspectRatio="16:9", seed=7)
    return made
