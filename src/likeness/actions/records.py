"""The record of a job, as clients read it and as webhooks are told it."""

from collections.abc import Callable

from likeness.accounts.service import Account
from likeness.images.schemas import image_record
from likeness.images.service import images_of_job
from likeness.jobs import service as jobs
from likeness.jobs.schemas import JobRecord, job_record
from likeness.store.database import Transaction
from likeness.videos.schemas import video_record
from likeness.videos.service import videos_of_job
from likeness.webhooks.schemas import EventType
from likeness.wire import Record


class Event(Record):
    """What a webhook is sent: `timestamp` is when the job ended, `data` its record as it is when it
    is sent."""

    type: EventType
    timestamp: str
    data: JobRecord


def read_job(
    transaction: Transaction, account: Account, file_url: Callable[[str], str], job_id: str
) -> tuple[JobRecord, jobs.Version]:
    """The record of a job of the account, with what it made, and its version.

    `file_url` makes the name of a file into its address. Raises `JobNotFound`.
    """
    row = jobs.get_job(transaction, account, job_id)
    over = row["status"] == "success"
    moving = row["kind"] in ("video", "video_order")
    images = images_of_job(transaction, account, job_id) if over and not moving else ()
    videos = videos_of_job(transaction, account, job_id) if over and moving else ()
    record = job_record(
        row,
        [image_record(image, file_url) for image in images],
        [video_record(video, file_url) for video in videos],
        jobs.queue_position(transaction, row),
        transaction,
    )
    return record, jobs.version_of(row)
