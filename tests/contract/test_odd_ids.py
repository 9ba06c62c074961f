"""Ids that cannot be: 404 wherever an id is read from the path."""

import uuid
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.calls import UNKNOWN, assert_refused
from tests.support.server import Server

PATHS = [
    ("GET", "/models/{}"),
    ("DELETE", "/models/{}"),
    ("GET", "/models/{}/train"),
    ("GET", "/models/{}/images"),
    ("GET", "/images/{}"),
    ("DELETE", "/images/{}"),
    ("GET", "/videos/{}"),
    ("DELETE", "/videos/{}"),
    ("GET", "/videos/{}/create-download"),
    ("GET", "/videos/{}/download"),
    ("GET", "/jobs/{}"),
]

ODD = [
    UNKNOWN,
    UNKNOWN.upper(),
    UNKNOWN.replace("-", ""),
    f"{{{UNKNOWN}}}",
    f"{UNKNOWN}\n",
    f" {UNKNOWN}",
    "0",
    "-1",
    "null",
    "job_123",
    "x" * 5000,
    "\0",
    f"{UNKNOWN}\0",
    "\u043c\u043e\u0434\u0435\u043b\u044c",
    "\u4eba" * 500,
    "\U0001f600",
    "\u202e",
    "'; DROP TABLE models; --",
    "%",
    "..",
    "../models",
    "\ud800",
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_odd_ids(server: Server, http: httpx.Client, method: str, path: str) -> None:
    for odd in ODD:
        written = quote(odd.encode("utf-8", "surrogatepass"), safe="").replace("..", "%2E%2E")

        assert_refused(http.request(method, server.api + path.format(written)), 404)


@given(st.sampled_from(PATHS), st.text(min_size=1, max_size=40) | st.uuids().map(str))
@settings(max_examples=60)
def test_any_id(server: Server, http: httpx.Client, path: tuple[str, str], odd: str) -> None:
    written = quote(odd, safe="").replace(".", "%2E")

    answer = http.request(path[0], server.api + path[1].format(written))

    assert_refused(answer, 404)


@given(st.binary(min_size=1, max_size=20))
@settings(max_examples=30)
def test_bytes_that_are_no_text(server: Server, http: httpx.Client, odd: bytes) -> None:
    assert_refused(http.get(f"{server.api}/jobs/{quote(odd, safe='').replace('.', '%2E')}"), 404)


def test_id_of_another_kind(http: httpx.Client, trained: str, generation: dict) -> None:
    image_id, job_id = generation["images"][0]["id"], generation["jobId"]

    for path in (
        f"/models/{image_id}",
        f"/models/{job_id}",
        f"/images/{trained}",
        f"/images/{job_id}",
        f"/videos/{image_id}",
        f"/videos/{job_id}",
        f"/jobs/{trained}",
        f"/jobs/{image_id}",
        f"/jobs/{uuid.uuid4()}",
    ):
        assert_refused(http.get(path), 404)
