"""What happens, in numbers for Prometheus.

All processes of one data folder keep their numbers in files below it, each under a name of its own
that its successor takes over, and one process serves the sum of them. Whatever does not say where
(`keep_in`) keeps them in its memory.
"""

import os
import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)
"""Seconds of requests; long polls wait for up to 30."""

LONG = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)
"""Seconds of work, from a picture's saving to a large base's training."""

_own = CollectorRegistry()

REQUESTS = Histogram(
    "likeness_request_seconds",
    "How long requests took, until their answer was sent.",
    ["method", "route", "status"],
    buckets=SHORT,
    registry=_own,
)
STAGES = Histogram(
    "likeness_stage_seconds",
    "How long the stages of jobs took.",
    ["kind", "stage"],
    buckets=LONG,
    registry=_own,
)
ATTEMPTS = Counter(
    "likeness_attempts",
    "Attempts at jobs by how they ended: done, failed, again, waits, lost.",
    ["kind", "end"],
    registry=_own,
)
ADAPTERS = Counter(
    "likeness_adapters",
    "Adapters that pictures were asked of: in the base already (hit), or not yet (miss).",
    ["found"],
    registry=_own,
)
TOGETHER = Histogram(
    "likeness_pictures_together",
    "How many pictures were drawn at once, of one job or of several.",
    buckets=(1, 2, 4, 8, 16, 32),
    registry=_own,
)
MEMORY = Gauge(
    "likeness_device_memory_bytes",
    "Memory of the device that draws, of which so much is free.",
    ["device", "what"],
    multiprocess_mode="mostrecent",
    registry=_own,
)

_PLACE = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client looks for it


def keep_in(folder: Path, process: str) -> None:
    """Keep this process's numbers below a folder, under a name that no other living process of the
    folder has. Called before anything is counted."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[_PLACE] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: process)


def keep_in_memory() -> None:
    """Undo `keep_in`, for what is counted first from now on."""
    values.ValueClass = values.MutexValue


def forget(folder: Path) -> None:
    """Begin anew: counters begin at 0 when a server does."""
    shutil.rmtree(folder, ignore_errors=True)


def registry_of(folder: Path) -> CollectorRegistry:
    """What all processes of a folder have counted, as of now at each look."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    return registry
