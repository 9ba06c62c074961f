"""What looks after servers needs no key."""

import httpx
import pytest
from tests.support.server import Server


@pytest.mark.parametrize("path", ["healthz", "readyz"])
def test_a_server_that_is_well_says_so_to_everybody(server: Server, path: str) -> None:
    answer = httpx.get(f"{server.root}/{path}")

    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
