"""Progress on a terminal, or in a log."""

import sys
import time

from likeness.client import Job

INTERVAL = 5.0
"""Seconds between two lines where nobody watches."""


class ProgressLine:
    """One line that follows a job: `training  step 120 of 400, 35 s to go`."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._started = time.monotonic()
        self._last = ("", 0.0)
        self._terminal = sys.stdout.isatty()

    def __call__(self, job: Job) -> None:
        """Show how far the job is."""
        if job.is_over:
            return
        text = job.stage or job.status
        if job.steps:
            text += f"  step {job.step} of {job.steps}"
        if job.etaSeconds is not None:
            text += f", {job.etaSeconds:.0f} s to go"
        line = f"{self._label}: {text}"
        now = time.monotonic()
        if self._terminal:
            print(f"\r\x1b[K{line}", end="", flush=True)
        elif job.stage != self._last[0] or now - self._last[1] > INTERVAL:
            print(line, flush=True)
            self._last = (job.stage or "", now)

    def done(self, what: str) -> float:
        """Say what came of it; returns the seconds that it took."""
        seconds = time.monotonic() - self._started
        start = "\r\x1b[K" if self._terminal else ""
        print(f"{start}{self._label}: {what} ({seconds:.1f} s)", flush=True)
        return seconds
