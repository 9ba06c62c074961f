"""Traces, where nobody or only half of what is needed wants them."""

import sys

import pytest

from likeness.traces import ENDPOINTS, TracesMissing, current, job_span, start_tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_nobody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    start_tracing()
    assert current() is None


def test_a_trace_is_handed_on_by_who_does_not_keep_it() -> None:
    with job_span("generation", "a job", "an account", PARENT):
        assert current() == PARENT
    with job_span("generation", "a job", "an account", None):
        assert current() is None


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_sends_them_is_missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TracesMissing, match="likeness\\[traces\\]"):
        start_tracing()
