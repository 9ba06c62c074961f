"""Endpoints of jobs."""

from fastapi import APIRouter

from likeness.api.context import Caller, Ctx, FileUrl
from likeness.api.envelope import Answer
from likeness.images.schemas import image_record
from likeness.images.service import images_of_job
from likeness.jobs import service as jobs
from likeness.jobs.schemas import JobPage, JobRecord, job_record, job_row
from likeness.jobs.window import place, window

router = APIRouter(prefix="/jobs", tags=["Jobs"])


@router.get("", operation_id="listJobs", summary="List your jobs")
def list_jobs(
    context: Ctx,
    caller: Caller,
    start: str | None = None,
    end: str | None = None,
    pageToken: str | None = None,
) -> Answer[JobPage]:
    """Generations and trainings, newest first: of the last 24 hours, or from `start` to `end`.

    Both are RFC 3339 times, at most 7 days apart.
    """
    after = place(pageToken)
    with context.folder.database.read() as transaction:
        wanted = window(start, end, transaction.now)
        rows, token = jobs.list_jobs(transaction, caller, wanted, after)
    return Answer(result=JobPage(jobs=[job_row(row) for row in rows], nextPageToken=token))


@router.get(
    "/{id}",
    operation_id="getJobStatus",
    summary="Read a job",
    response_model_exclude_none=True,
)
def get_job(context: Ctx, caller: Caller, file_url: FileUrl, id: str) -> Answer[JobRecord]:
    """`success` brings the images; `failed` brings the reason in `error`."""
    with context.folder.database.read() as transaction:
        row = jobs.get_job(transaction, caller, id)
        images = images_of_job(transaction, caller, id)
        now = transaction.now
    record = job_record(row, [image_record(image, file_url) for image in images], now)
    return Answer(result=record)
