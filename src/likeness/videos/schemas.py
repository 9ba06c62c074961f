"""Videos on the wire."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import RowMapping

from likeness.wire import Record, timestamp


class VideoRecord(Record):
    """A video; the keys that this server does not use are present and empty."""

    id: str
    url: str = Field(description="an MP4; opens without an API key, as long as the video exists")
    modelID: str
    jobId: str
    type: Literal["modelOutput"] = "modelOutput"
    data: dict[str, Any]
    folderID: str = ""
    liked: bool = False
    publicMediaID: str = ""
    createdAt: str
    updatedAt: str


class VideoDownload(Record):
    """The file of a video, which is there as soon as the video is."""

    percentComplete: float = 100
    status: Literal["ready"] = "ready"
    url: str


def video_url(row: RowMapping, file_url: Callable[[str], str]) -> str:
    """Where a row's file opens; `file_url` makes a file's name into its absolute, signed URL."""
    return file_url(f"{row['id']}.mp4")


def video_record(row: RowMapping, file_url: Callable[[str], str]) -> VideoRecord:
    """The record of a row."""
    return VideoRecord(
        id=row["id"],
        url=video_url(row, file_url),
        modelID=row["model_id"],
        jobId=row["job_id"],
        data=row["data"],
        createdAt=timestamp(row["created_at"]),
        updatedAt=timestamp(row["updated_at"]),
    )
