"""Endpoints of images."""

from collections.abc import Callable
from typing import IO, Any

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy import RowMapping
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from likeness.accounts.service import Account
from likeness.actions.upload import remove_photo, upload_photo
from likeness.api.context import Caller, Context, Ctx, FileUrl
from likeness.api.envelope import Answer
from likeness.api.once import Once, OneTime
from likeness.errors import Refusal
from likeness.images.schemas import ImageRecord, UploadData, image_record
from likeness.images.service import get_image
from likeness.mistakes import mistakes
from likeness.store.database import Transaction

router = APIRouter(prefix="/images", tags=["Images"])

_DATA_BYTES = 64 * 1024

_FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "data"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "the photo"},
                    "data": {"$ref": "#/components/schemas/UploadData"},
                },
            },
            "encoding": {"file": {"contentType": "image/jpeg, image/png, image/webp, image/heic"}},
        }
    },
}


class BadUpload(Refusal):
    """The upload is not understood.

    Send multipart/form-data with a part `file` (the photo) and a part `data` (JSON with modelID and
    type).
    """


@router.post(
    "/upload",
    operation_id="uploadImage",
    summary="Upload a photo",
    response_model=Answer[ImageRecord],
    openapi_extra={"requestBody": _FORM},
)
async def upload_image(
    request: Request, context: Ctx, caller: Caller, file_url: FileUrl, once: Once
) -> Response:
    """Adds a jpg, jpeg, png, webp or heic photo to a model; the request is at most 20 MB.

    A model holds at most 20 images of each type.
    """
    form = await _read_form(request)
    try:
        file, data = form.get("file"), form.get("data")
        if not isinstance(file, UploadFile):
            raise BadUpload("The part `file` is missing. Send the photo in it, as a file.")
        said = await data.read(_DATA_BYTES) if isinstance(data, UploadFile) else data
        return await to_thread.run_sync(
            _upload, context, caller, file_url, once, said, file.file, limiter=context.decoders
        )
    finally:
        await form.close()


def _upload(
    context: Context,
    caller: Account,
    file_url: Callable[[str], str],
    once: OneTime,
    said: str | bytes | None,
    file: IO[bytes],
) -> Response:
    data = _read_data(said)
    once.add(data.model_dump_json().encode())
    once.add_file(file)
    once.look()

    def answer(transaction: Transaction, row: RowMapping) -> Response:
        record = Answer(result=image_record(row, file_url))
        return once.answer(transaction, record, about=data.modelID)

    return upload_photo(
        context.folder,
        caller,
        data,
        file,
        context.settings.upload_pixels,
        once.write,
        answer,
    )


@router.get("/{imageID}", operation_id="getImage", summary="Read an image's metadata")
async def read_image(
    context: Ctx,
    caller: Caller,
    file_url: FileUrl,
    imageID: str,
) -> Answer[ImageRecord]:
    """The record of one of your images."""
    row = await context.read(get_image, caller, imageID)
    return Answer(result=image_record(row, file_url))


@router.delete("/{imageID}", operation_id="deleteImage", summary="Delete an image")
def delete_image(context: Ctx, caller: Caller, imageID: str) -> Answer[str]:
    """Deletes an image and its file; a photo of a model in training cannot be deleted."""
    with context.folder.database.write() as transaction:
        key = remove_photo(transaction, caller, imageID)
    context.folder.discard(key)
    return Answer(result="Image deleted")


async def _read_form(request: Request) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadUpload
    try:
        return await request.form(max_files=2, max_fields=8, max_part_size=_DATA_BYTES)
    except HTTPException as error:
        # What Starlette says of a form that cannot be parsed.
        raise BadUpload(f"The form cannot be read: {error.detail}") from error
    except UnicodeError as error:
        raise BadUpload("The form cannot be read. Send its texts in UTF-8.") from error


def _read_data(data: str | bytes | None) -> UploadData:
    if data is None:
        raise BadUpload('The part `data` is missing. Send {"modelID": "...", "type": ...}.')
    try:
        return UploadData.model_validate_json(data)
    except ValidationError as error:
        raise BadUpload(f"The part `data`: {'; '.join(mistakes(error))}.") from None
