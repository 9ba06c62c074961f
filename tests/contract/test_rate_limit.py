"""Rate limits: what is counted, what is told, and what is never held up."""

from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from tests.contract.calls import UNKNOWN, assert_refused, new_model, result, with_photos
from tests.support.server import Server, make_key

LIMIT = 20
TOLD = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Generator[Server]:
    """A server with a rate limit."""
    data = tmp_path_factory.mktemp("limited") / "data"
    with Server(data, tiny_folder, rate_limit=LIMIT) as server:
        yield server


@pytest.fixture
def fresh(limited: Server, request: pytest.FixtureRequest) -> Generator[httpx.Client]:
    """A client with a key of its own, of an account of its own."""
    name = request.node.name
    with limited.http(make_key(limited.data, name, name)) as http:
        yield http


def use_up(http: httpx.Client) -> httpx.Response:
    """Send what the key may send; returns the first answer that is refused."""
    for _ in range(5 * LIMIT):  # some come back meanwhile
        answer = http.post("/models", json={})
        if answer.status_code == 429:
            return answer
    raise AssertionError("nothing was refused")


def test_changes_say_how_many_are_left(fresh: httpx.Client) -> None:
    found = [fresh.post("/models", json={}).headers for _ in range(3)]

    assert [headers["ratelimit-limit"] for headers in found] == [str(LIMIT)] * 3
    left = [int(headers["ratelimit-remaining"]) for headers in found]
    assert left[0] == LIMIT - 1 and left[2] < left[0]
    assert 1 <= int(found[2]["ratelimit-reset"]) <= 60


def test_too_many_are_refused_until_they_may_go_on(fresh: httpx.Client) -> None:
    refused = use_up(fresh)

    assert_refused(refused, 429, f"rate limit is {LIMIT} a minute")
    assert refused.json()["err"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60 / LIMIT
    assert refused.headers["ratelimit-remaining"] == "0"


def test_what_is_counted_is_what_changes(fresh: httpx.Client) -> None:
    use_up(fresh)

    for method, path in (
        ("POST", "/images/upload"),
        ("POST", "/images/generation"),
        ("POST", f"/jobs/{UNKNOWN}/cancel"),
        ("DELETE", f"/models/{UNKNOWN}"),
        ("GET", f"/models/{UNKNOWN}/train"),
    ):
        answers = [fresh.request(method, path).status_code for _ in range(3)]
        assert 429 in answers, (method, path)


def test_polls_are_never_held_up(fresh: httpx.Client) -> None:
    model_id = new_model(fresh)
    use_up(fresh)

    for path in ("/ping", "/models", f"/models/{model_id}", f"/models/{model_id}/images", "/jobs"):
        for _ in range(2 * LIMIT):
            answer = fresh.get(path)
            assert answer.status_code == 200, path
            assert not [name for name in TOLD if name in answer.headers]
    for path in (f"/jobs/{UNKNOWN}", f"/images/{UNKNOWN}", f"/videos/{UNKNOWN}", "/videos"):
        assert fresh.get(path).status_code in (200, 404)


def test_other_keys_are_not_held_up(limited: Server, fresh: httpx.Client) -> None:
    use_up(fresh)
    with limited.http(make_key(limited.data, "other", "other")) as other:
        result(other.post("/models", json={}))


def test_a_key_that_is_not_in_use_is_not_counted(limited: Server) -> None:
    with limited.http("lk_nobody") as nobody:
        for _ in range(LIMIT + 1):
            answer = nobody.post("/models", json={})
            assert answer.status_code == 401
            assert not [name for name in TOLD if name in answer.headers]


def test_without_the_setting_nothing_is_told(http: httpx.Client) -> None:
    headers = http.post("/models", json={}).headers
    assert not [name for name in TOLD if name in headers]


def test_too_many_trainings_say_when_to_ask_again(server: Server) -> None:
    with server.http(make_key(server.data, "trains", "trains")) as http:
        models = [with_photos(http, 12) for _ in range(4)]
        for model_id in models[:3]:
            result(http.get(f"/models/{model_id}/train"))

        answer = http.get(f"/models/{models[3]}/train")

        assert_refused(answer, 429, "Too many trainings are queued or running")
        assert answer.headers["retry-after"] == "60"
        for model_id in models:
            result(http.delete(f"/models/{model_id}"))
