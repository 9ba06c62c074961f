"""Credits on the wire: what a job costs, and what is said when it costs too much."""

import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.calls import assert_refused, result, wait_for_job
from tests.support.server import PROGRAM, Server, make_key

PRICES = """
generation = 3

[models]
"nanobanana" = 5
"grok-imagine-1.5" = 40
"""
SMALL = {"prompt": "a person at the beach", "options": {"gemini": {"imageSize": "64x64"}}}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Generator[Server]:
    """A server with prices."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "prices.toml").write_text(PRICES)
    prices = folder / "prices.toml"
    with Server(folder / "data", tiny_folder, public_models="local", prices=prices) as server:
        yield server


@pytest.fixture(scope="module")
def buyer(shop: Server) -> Generator[httpx.Client]:
    """A client of the shop, with 12 credits."""
    command(shop, "grant", "12")
    with shop.http() as http:
        yield http


def command(shop: Server, *words: str) -> str:
    """What `likeness credits` prints."""
    line = [*PROGRAM, "credits", words[0], "--data", str(shop.data), *words[1:]]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def order(http: httpx.Client, count: int, key: str | None = None) -> httpx.Response:
    """Ask for pictures that cost 5 each."""
    body = {"modelID": "nanobanana", "numImages": count, **SMALL}
    headers = {"Idempotency-Key": key} if key else {}
    return http.post("/images/generation", json=body, headers=headers)


def row(http: httpx.Client, job_id: str) -> dict[str, Any]:
    """A job's row in the list."""
    rows = result(http.get("/jobs"))["jobs"]
    return next(one for one in rows if one["jobId"] == job_id)


def test_what_costs_too_much_is_refused(shop: Server, buyer: httpx.Client) -> None:
    before = result(buyer.get("/jobs"))["jobs"]

    refused = order(buyer, 3)

    assert_refused(refused, 400, "insufficient credits: this costs 15, and 12 are left")
    assert refused.json()["err"] == "insufficient_credits"
    video = {"modelID": "grok-imagine-1.5", "prompt": "she turns"}
    assert_refused(buyer.post("/videos/generation", json=video), 400, "costs 40")
    assert result(buyer.get("/jobs"))["jobs"] == before


def test_a_job_costs_what_it_makes_and_nothing_when_it_is_cancelled(
    shop: Server, buyer: httpx.Client
) -> None:
    done = result(order(buyer, 1))["jobId"]
    assert row(buyer, done)["credits"] == 5
    wait_for_job(buyer, done)
    assert row(buyer, done)["credits"] == 5

    cancelled = result(order(buyer, 1))["jobId"]
    assert_refused(order(buyer, 1), 400, "this costs 5, and 2 are left")
    answer = buyer.post(f"/jobs/{cancelled}/cancel")
    if answer.status_code == 200:  # else it was done already
        assert row(buyer, cancelled)["credits"] == 0
        again = result(order(buyer, 1))["jobId"]
        wait_for_job(buyer, again)
    assert_refused(order(buyer, 1), 400, "this costs 5, and 2 are left")


def test_what_is_asked_twice_is_paid_once(shop: Server) -> None:
    whose = "--account", "twice"
    with shop.http(make_key(shop.data, "twice", "twice")) as http:
        assert_refused(order(http, 1, "a"), 400, "this costs 5, and 0 are left")
        command(shop, "grant", *whose, "7")

        first = order(http, 1, "a")
        again = order(http, 1, "a")

        assert result(first) == result(again)
        assert again.headers["idempotency-replayed"] == "true"
        wait_for_job(http, result(first)["jobId"])
        assert result(order(http, 1, "a")) == result(first)
        assert_refused(order(http, 1, "b"), 400, "this costs 5, and 2 are left")
    kinds = [line.split()[1] for line in command(shop, "ledger", *whose).splitlines()]
    assert kinds == ["grant", "reserve", "settle"]
