"""A request and its job are one trace, whichever processes they pass."""

import time
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.support.collector import Collector, collector
from tests.support.server import Server

SMALL = {"gemini": {"imageSize": "512"}}
CLIENTS = "0af7651916cd43dd8448eb211c80319c"
PROMPT = "a very particular red hat"


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Generator[Collector]:
    """What hears of all processes that start from now on."""
    with collector() as there:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", there.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield there


def test_from_a_clients_trace_to_the_last_stage(
    traced: Collector, tmp_path: Path, tiny_folder: Path
) -> None:
    with (
        Server(tmp_path / "data", tiny_folder, public_models="local") as server,
        server.http(traceparent=f"00-{CLIENTS}-b7ad6b7169203331-01") as http,
    ):
        body = {"modelID": "nanobanana", "prompt": PROMPT, "options": SMALL}
        job_id = http.post("/images/generation", json=body).json()["result"]["jobId"]
        limit = time.monotonic() + 120
        while traced.named("generation") is None and time.monotonic() < limit:
            time.sleep(0.1)
    request, job = traced.named("POST /api/images/generation"), traced.named("generation")
    stage = traced.named("sampling")
    assert request and job and stage
    assert {span.trace_id.hex() for span in (request, job, stage)} == {CLIENTS}
    inside = {span.span_id for span in traced.spans if span.parent_span_id == request.span_id}
    assert job.parent_span_id in inside | {request.span_id}
    assert stage.parent_span_id == job.span_id
    assert stage.end_time_unix_nano > stage.start_time_unix_nano >= job.start_time_unix_nano - 10**6
    said = {one.key: one.value.string_value for one in job.attributes}
    assert said["likeness.job"] == job_id
    assert not any(PROMPT in str(span) for span in traced.spans)
