"""Traces, from a request to its job's last stage, for OpenTelemetry.

Nothing is sent unless the usual `OTEL_EXPORTER_OTLP_ENDPOINT` says where to; all other `OTEL_*`
variables mean what they always do. FastAPI makes the spans of requests. Those of jobs say which job
and account they are about, and nothing that users wrote.
"""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

from likeness.errors import sentence

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PARENT = "traceparent"

_tracer = trace.get_tracer("likeness")


class TracesMissing(Exception):
    """OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed. Install
    likeness[traces], or unset it."""


def start_tracing() -> None:
    """Send traces from now on, if somebody said where to. Raises `TracesMissing`."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracesMissing(sentence(TracesMissing)) from None
    name = os.environ.get("OTEL_SERVICE_NAME", "likeness")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def current() -> str | None:
    """What a job keeps of the request at hand, so that its spans belong to the same trace."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get(PARENT)


@contextmanager
def job_span(kind: str, job: str, account: str, parent: str | None) -> Generator[None]:
    """An attempt at a job; `parent` is what the job kept of its request."""
    context = propagate.extract({PARENT: parent} if parent else {})
    about = {"likeness.job": job, "likeness.account": account}
    with _tracer.start_as_current_span(
        kind, context=context, kind=SpanKind.CONSUMER, attributes=about
    ):
        yield


def add_stage(stage: str, seconds: float) -> None:
    """A stage of the job at hand, which took so long and is over now."""
    end = time.time_ns()
    _tracer.start_span(stage, start_time=end - round(seconds * 1e9)).end(end)
