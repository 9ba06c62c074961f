"""Jobs: one job, the list, its window of time and its pages."""

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.calls import TIME, UNKNOWN, assert_refused, new_model, result
from tests.support.payloads import BASE
from tests.support.server import Server, make_key

from likeness.accounts.service import authenticate
from likeness.jobs import queue
from likeness.jobs.payloads import TrainingPayload
from likeness.jobs.service import get_job
from likeness.store.folder import DataFolder

COUNT = 103


@pytest.fixture(scope="module")
def history(server: Server) -> Generator[tuple[httpx.Client, list[str]]]:
    """An account with many finished jobs, oldest first; they are written to the record directly."""
    key = make_key(server.data, "historian", "historians")
    payload = TrainingPayload(trigger="x", description="a person")
    folder = DataFolder(server.data)
    with server.http(key) as http:
        model_id = new_model(http)
        job_ids: list[str] = []
        with folder.database.write() as transaction:
            account = authenticate(transaction, key)
            assert account is not None
            for number in range(COUNT):
                job_ids.append(queue.enqueue(transaction, account.id, model_id, payload, BASE))
                job = get_job(transaction, account, job_ids[-1])
                queue.end(transaction, job, "no luck" if number == 0 else None)
        folder.database.close()
        yield http, job_ids


def pages(http: httpx.Client, **query: str) -> list[list[dict[str, Any]]]:
    """All pages of a window."""
    found: list[list[dict[str, Any]]] = []
    while True:
        page = result(http.get("/jobs", params=query))
        assert set(page) == {"jobs", "nextPageToken"}
        found.append(page["jobs"])
        if not page["nextPageToken"]:
            return found
        query["pageToken"] = page["nextPageToken"]


def test_job_with_images(trained: str, generation: dict[str, Any]) -> None:
    keys = {"jobId", "status", "kind", "modelId", "images", "createdAt", "updatedAt"}
    assert set(generation) == keys
    assert (generation["status"], generation["kind"]) == ("success", "generation")
    assert generation["modelId"] == trained
    assert re.fullmatch(TIME, generation["createdAt"])
    assert len(generation["images"]) == 2
    assert all(image["id"] and image["url"] for image in generation["images"])


def test_job_that_waits_or_runs(http: httpx.Client, trained: str) -> None:
    body = {"modelID": trained, "prompt": "at the beach", "width": 64, "height": 64}
    job_id = result(http.post("/images/generation", json=body))["jobId"]
    always = {"jobId", "status", "kind", "modelId", "createdAt", "updatedAt"}
    running = {"progress", "stage", "step", "steps", "etaSeconds"}

    while (job := result(http.get(f"/jobs/{job_id}")))["status"] != "success":
        extra = set(job) - always
        assert extra <= running if job["status"] == "running" else extra == {"queuePosition"}
        assert 0 <= job.get("progress", 0) <= 1


def test_row_has_every_key(http: httpx.Client, generation: dict[str, Any]) -> None:
    rows = {row["jobId"]: row for page in pages(http) for row in page}

    assert rows[generation["jobId"]] == {
        "jobId": generation["jobId"],
        "status": "success",
        "kind": "generation",
        "modelId": generation["modelId"],
        "credits": 0,
        "errorMessage": "",
        "createdAt": generation["createdAt"],
        "updatedAt": generation["updatedAt"],
    }


def test_failure_has_two_names(history: tuple[httpx.Client, list[str]]) -> None:
    http, job_ids = history
    job = result(http.get(f"/jobs/{job_ids[0]}"))
    row = pages(http)[-1][-1]

    assert (job["status"], job["error"]) == ("failed", "no luck")
    assert (row["jobId"], row["status"], row["errorMessage"]) == (job_ids[0], "failed", "no luck")
    assert "images" not in job


def test_pages_show_each_job_once_newest_first(history: tuple[httpx.Client, list[str]]) -> None:
    http, job_ids = history
    found = pages(http)

    assert [len(page) for page in found] == [50, 50, 3]
    assert [row["jobId"] for page in found for row in page] == job_ids[::-1]


def moment(days: float = 0) -> str:
    """A time some days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, COUNT),
        ({"start": moment(-1)}, COUNT),
        ({"start": moment(-7), "end": moment(-0.01)}, 0),
        ({"start": moment(-0.01), "end": moment(0.01)}, COUNT),
        ({"end": moment(0.01)}, COUNT),
        ({"end": moment(-0.01)}, 0),
        ({"start": moment(-8)}, 0),  # seven days from there on
        ({"start": moment(1)}, 0),
        ({"start": "", "end": ""}, COUNT),
    ],
)
def test_window(history: tuple[httpx.Client, list[str]], query: dict[str, str], count: int) -> None:
    assert sum(len(page) for page in pages(history[0], **query)) == count


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "yesterday"}, "start is not an RFC 3339 time"),
        ({"end": "2026-01-01"}, "end is not an RFC 3339 time"),
        ({"end": "2026-01-01T00:00:00"}, "end is not an RFC 3339 time"),
        ({"start": "2026-02-30T00:00:00Z"}, "start is not an RFC 3339 time"),
        ({"start": "1767225600"}, "start is not an RFC 3339 time"),
        ({"start": "\0"}, "start is not an RFC 3339 time"),
        ({"start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"}, "start is after end"),
        ({"start": "2026-01-01T00:00:00Z", "end": "2026-01-08T00:00:01Z"}, "more than 7 days"),
        ({"pageToken": "nonsense"}, "pageToken"),
        ({"pageToken": "bmFuIDAxOGY1ZjI5LTdjMmItN2I0ZS05YThjLTRmOGI0YzJkMWUwZg=="}, "pageToken"),
        ({"pageToken": UNKNOWN}, "pageToken"),
        ({"pageToken": "\u4eba" * 500}, "pageToken"),
    ],
)
def test_bad_windows(http: httpx.Client, query: dict[str, str], words: str) -> None:
    assert_refused(http.get("/jobs", params=query), 400, words)


MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5)), timezone(timedelta(hours=-8))]),
)


@given(MOMENTS, MOMENTS, st.booleans())
@settings(max_examples=40)
def test_any_window_is_answered_or_refused(
    http: httpx.Client, start: datetime, end: datetime, near: bool
) -> None:
    if near:
        end = start + (end - start) % timedelta(days=8)
    query = {"start": start.isoformat(), "end": end.isoformat()}

    answer = http.get("/jobs", params=query)

    if timedelta(0) <= end - start <= timedelta(days=7):
        assert isinstance(result(answer)["jobs"], list)
    else:
        assert_refused(answer, 400)


@pytest.mark.parametrize(
    "text", ["2026-01-01t00:00:00z", "2026-01-01T00:00:00 02:00", "2026-01-01T00:00:00.123456Z"]
)
def test_other_ways_to_write_a_time(http: httpx.Client, text: str) -> None:
    assert result(http.get("/jobs", params={"start": text}))["jobs"] == []


def test_unknown_job(http: httpx.Client) -> None:
    assert_refused(http.get(f"/jobs/{UNKNOWN}"), 404, "no job with this id")
