"""An attempt under way, for whoever watches: log lines and spans say what they are about."""

from collections.abc import Generator
from contextlib import contextmanager

from likeness.jobs.queue import Claim
from likeness.logs import about
from likeness.traces import job_span


@contextmanager
def attempting(claim: Claim) -> Generator[None]:
    """An attempt at a claimed job, in this thread."""
    with (
        about(claim.job_id, claim.account_id),
        job_span(claim.payload.kind, claim.job_id, claim.account_id, claim.trace),
    ):
        yield
