"""Jobs on the wire."""

from typing import Literal

from pydantic import Field
from sqlalchemy import RowMapping

from likeness.images.schemas import ImageRecord
from likeness.jobs.service import FINAL
from likeness.store.database import Transaction
from likeness.videos.schemas import VideoRecord
from likeness.wire import Record, timestamp

SHOWN = {"picture_order": "generation", "video_order": "video"}
"""Kinds of jobs that clients know by another name: who does the work is not theirs to know."""

Status = Literal["created", "queued", "running", "success", "failed"]


class Triggered(Record):
    """The answer to a request that started a job."""

    jobId: str
    status: Literal["queued"] = "queued"


class JobRecord(Record):
    """One job. Additions to the contract: `queuePosition` while it waits, `progress` to
    `etaSeconds` while it runs."""

    jobId: str
    status: Status
    kind: str
    modelId: str
    images: list[ImageRecord] | None = Field(None, description="when images were made")
    videos: list[VideoRecord] | None = Field(None, description="when videos were made")
    error: str | None = Field(None, description="when it failed: the reason")
    queuePosition: int | None = Field(None, description="its place among those that wait, from 1")
    progress: float | None = Field(None, description="share of this stage that is done, 0 to 1")
    stage: str | None = Field(None, description="what is being done now")
    step: int | None = None
    steps: int | None = None
    etaSeconds: float | None = Field(None, description="seconds to the end of this stage")
    createdAt: str
    updatedAt: str

    @property
    def is_over(self) -> bool:
        """Whether it will not change any more."""
        return self.status in FINAL


class JobRow(Record):
    """One row of the list of jobs."""

    jobId: str
    status: Status
    kind: str
    modelId: str
    credits: int = Field(description="what it costs; 0 when it failed")
    errorMessage: str
    createdAt: str
    updatedAt: str


class JobPage(Record):
    """One page of jobs, newest first."""

    jobs: list[JobRow]
    nextPageToken: str = Field(description="empty on the last page")


def job_record(
    row: RowMapping,
    images: list[ImageRecord],
    videos: list[VideoRecord],
    position: int | None,
    transaction: Transaction,
) -> JobRecord:
    """The record of a row that was read in a transaction; `position` is its place in the queue."""
    running = row["status"] == "running"
    step, steps = row["step"] or 0, row["steps"] or 0
    eta: float | None = None
    if running and step and steps:
        eta = (transaction.now - row["stage_at"]) / step * (steps - step)
    return JobRecord(
        jobId=row["id"],
        status=row["status"],
        kind=_shown(row["kind"]),
        modelId=row["model_id"],
        images=images or None,
        videos=videos or None,
        error=row["error"],
        queuePosition=position,
        progress=round(step / steps, 3) if running and steps else None,
        stage=row["stage"] if running else None,
        step=step if running else None,
        steps=steps if running else None,
        etaSeconds=None if eta is None else round(eta, 1),
        createdAt=timestamp(row["created_at"]),
        updatedAt=timestamp(row["updated_at"]),
    )


def job_row(row: RowMapping) -> JobRow:
    """The list's row of a row."""
    return JobRow(
        jobId=row["id"],
        status=row["status"],
        kind=_shown(row["kind"]),
        modelId=row["model_id"],
        credits=row["credits"],
        errorMessage=row["error"] or "",
        createdAt=timestamp(row["created_at"]),
        updatedAt=timestamp(row["updated_at"]),
    )


def _shown(kind: str) -> str:
    return SHOWN.get(kind, kind)
