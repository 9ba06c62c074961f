"""`ping`, and what every endpoint asks first: the key, then the version."""

import httpx
import pytest
from tests.contract.calls import UNKNOWN, assert_refused
from tests.support.server import VERSION, Server

EVERYWHERE = [
    ("GET", "/ping"),
    ("GET", "/models"),
    ("POST", "/models"),
    ("GET", f"/models/{UNKNOWN}/train"),
    ("POST", "/images/upload"),
    ("DELETE", f"/images/{UNKNOWN}"),
    ("POST", "/images/generation"),
    ("GET", "/jobs"),
    ("GET", "/nowhere"),
]


def test_pong(http: httpx.Client) -> None:
    answer = http.get("/ping")

    assert answer.status_code == 200
    assert answer.json() == {"message": "pong!", "status": "OK"}


def test_body_on_get_is_not_parsed(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}

    assert http.get("/ping", headers=headers).status_code == 200
    assert http.request("GET", "/models", headers=headers, content=b"{nope").status_code == 200


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_key_is_asked_everywhere(server: Server, method: str, path: str) -> None:
    answer = httpx.request(method, server.api + path, headers=VERSION)

    assert_refused(answer, 401, "Authorization: Bearer")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_version_is_asked_everywhere(server: Server, method: str, path: str) -> None:
    key = {"Authorization": f"Bearer {server.key}"}

    assert_refused(httpx.request(method, server.api + path, headers=key), 400, "API-Version: 1")


@pytest.mark.parametrize("version", ["", "0", "2", "1.0", "one", "1,1"])
def test_other_versions_are_refused(http: httpx.Client, version: str) -> None:
    assert_refused(http.get("/ping", headers={"API-Version": version}), 400, "API-Version: 1")


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer", "Basic abc", "", "Bearer \xe9", "Bearer " + "x" * 5000]
)
def test_wrong_keys_are_refused(server: Server, header: str) -> None:
    headers = {b"Authorization": header.encode("latin-1"), b"API-Version": b"1"}

    assert_refused(httpx.get(f"{server.api}/ping", headers=headers), 401)


def test_key_is_checked_before_the_version(server: Server) -> None:
    headers = {"Authorization": "Bearer nonsense", "API-Version": "9"}

    assert_refused(httpx.get(f"{server.api}/ping", headers=headers), 401)


def test_key_without_the_word_bearer_is_refused(server: Server) -> None:
    headers = {"Authorization": server.key, **VERSION}

    assert_refused(httpx.get(f"{server.api}/ping", headers=headers), 401)


def test_bearer_may_be_written_small(server: Server) -> None:
    headers = {"Authorization": f"bearer {server.key}", **VERSION}

    assert httpx.get(f"{server.api}/ping", headers=headers).status_code == 200
