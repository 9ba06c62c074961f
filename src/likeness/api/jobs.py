"""Endpoints of jobs."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import RowMapping
from starlette.responses import Response, StreamingResponse

from likeness.actions.cancellation import cancel_job
from likeness.actions.records import read_job
from likeness.api.context import (
    Caller,
    Ctx,
    FileUrl,
    caller_of,
    context_of,
    file_url_of,
)
from likeness.api.envelope import Answer, write
from likeness.api.once import Once
from likeness.jobs import service as jobs
from likeness.jobs.schemas import JobPage, JobRecord, job_row
from likeness.jobs.window import place, window
from likeness.store.database import Transaction
from likeness.store.unreachable import Unreachable

router = APIRouter(prefix="/jobs", tags=["Jobs"])

Moment = Annotated[
    str | None,
    Query(json_schema_extra={"anyOf": [{"type": "string", "format": "date-time"}, {"const": ""}]}),
]

LONGEST_WAIT = 60
KEEP_ALIVE = 15.0
"""Seconds without news after which a stream says that it is still there: proxies close silent
connections after some 30."""


_EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"const": "job"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/JobRecord"},
        },
    },
}
"""One event of a stream: of streams, OpenAPI 3.1 can only describe the parts."""


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


@router.get("", operation_id="listJobs", summary="List your jobs")
async def list_jobs(
    context: Ctx,
    caller: Caller,
    start: Moment = None,
    end: Moment = None,
    pageToken: Annotated[
        str | None, Query(description="the nextPageToken of the page before, unchanged")
    ] = None,
) -> Answer[JobPage]:
    """Generations and trainings, newest first: of the last 24 hours, or from `start` to `end`.

    Both are RFC 3339 times, at most 7 days apart.
    """
    after = place(pageToken)

    def page(transaction: Transaction) -> tuple[Sequence[RowMapping], str]:
        return jobs.list_jobs(transaction, caller, window(start, end, transaction.now), after)

    rows, token = await context.read(page)
    return Answer(result=JobPage(jobs=[job_row(row) for row in rows], nextPageToken=token))


@router.get(
    "/{id}",
    operation_id="getJobStatus",
    summary="Read a job",
    response_model=Answer[JobRecord],
)
async def get_job(
    request: Request,
    id: str,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT, description="answer when it is over, or so late, in s")
    ] = 0,
) -> Response:
    """`success` brings the images or videos; `failed` brings the reason in `error`."""
    context, caller, file_url = context_of(request), caller_of(request), file_url_of(request)
    limit = time.monotonic() + wait
    job, version = await context.read(read_job, caller, file_url, id)
    while not job.is_over and (left := limit - time.monotonic()) > 0:
        await context.notifier.wait(id, version, left)
        job, version = await context.read(read_job, caller, file_url, id)
    return write(Answer(result=job), exclude_none=True)


@router.get(
    "/{id}/events",
    operation_id="streamJob",
    summary="Follow a job",
    response_class=EventStream,
    responses={200: {"content": {"text/event-stream": {"schema": _EVENT}}}},
)
async def stream_job(context: Ctx, caller: Caller, file_url: FileUrl, id: str) -> EventStream:
    """Server-sent events `job`: the record now, and again at every change until the job is over."""
    job, version = await context.read(read_job, caller, file_url, id)

    async def events() -> AsyncGenerator[str]:
        nonlocal job, version
        yield _event(job)
        while not job.is_over:
            told = version
            await context.notifier.wait(id, told, KEEP_ALIVE)
            with suppress(Unreachable):  # the client would only come back
                job, version = await context.read(read_job, caller, file_url, id)
            yield ": still here\n\n" if version == told else _event(job)

    return EventStream(events(), headers={"Cache-Control": "no-store"})


@router.post(
    "/{id}/cancel",
    operation_id="cancelJob",
    summary="Cancel a job",
    response_model=Answer[JobRecord],
)
def cancel(caller: Caller, file_url: FileUrl, once: Once, id: str) -> Response:
    """Ends a job that is not over: it is `failed` from now on, with the error `cancelled`."""
    with once.write(alone=True) as transaction:
        cancel_job(transaction, caller, id)
        job, _ = read_job(transaction, caller, file_url, id)
        return once.answer(transaction, Answer(result=job), exclude_none=True)


def _event(job: JobRecord) -> str:
    return f"event: job\ndata: {job.model_dump_json(exclude_none=True)}\n\n"
