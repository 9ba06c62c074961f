"""Images on the wire."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import RowMapping

from likeness.wire import Body, Record, Text, timestamp

UploadType = Literal["modelInput", "auxiliaryType"]
ImageType = Literal["modelInput", "auxiliaryType", "modelOutput"]
Filter = Literal["all", "input", "output", "auxiliaryType"]

TYPES: dict[Filter, ImageType | None] = {
    "all": None,
    "input": "modelInput",
    "output": "modelOutput",
    "auxiliaryType": "auxiliaryType",
}
"""Which record type each filter of listModelImages shows; None is every one."""


class UploadData(Body):
    """The `data` part of an upload."""

    modelID: Text
    type: UploadType


class ImageRecord(Record):
    """An image; the keys that this server does not use are present and empty."""

    id: str
    url: str = Field(description="opens without an API key, as long as the image exists")
    modelID: str
    type: ImageType
    data: dict[str, Any]
    folderID: str = ""
    liked: bool = False
    publicMediaID: str = ""
    upscaledImageID: str = Field("", description="its newest enlarged version, if there is one")
    upscaledImageURL: str = ""
    createdAt: str
    updatedAt: str


def image_record(row: RowMapping, file_url: Callable[[str], str]) -> ImageRecord:
    """The record of a row; `file_url` makes a file's name into its absolute, signed URL."""
    return ImageRecord(
        id=row["id"],
        url=file_url(f"{row['id']}.{row['blob_key'].rpartition('.')[2]}"),
        modelID=row["model_id"],
        type=row["type"],
        data=row["data"],
        upscaledImageID=row["upscaled_id"] or "",
        upscaledImageURL=file_url(f"{row['upscaled_id']}.jpg") if row["upscaled_id"] else "",
        createdAt=timestamp(row["created_at"]),
        updatedAt=timestamp(row["updated_at"]),
    )
