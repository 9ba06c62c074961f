"""Endpoints of models."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from likeness.actions.deletion import delete_model, erase_blobs
from likeness.actions.training import start_training
from likeness.api.context import Caller, Ctx, caller_of, context_of, file_url_of
from likeness.api.envelope import Answer, write
from likeness.api.once import Once
from likeness.images.schemas import Filter, ImageRecord, image_record
from likeness.images.service import list_images
from likeness.models import service as models
from likeness.models.schemas import ModelBody, ModelRecord, model_record
from likeness.store.unreachable import Unreachable
from likeness.wire import Record

router = APIRouter(prefix="/models", tags=["Models"])


class ImagePage(Record):
    """One page of images; unlike other lists its numbers stand beside the result."""

    page: int
    pageSize: int
    result: list[ImageRecord]
    status: str = "OK"


@router.post(
    "",
    operation_id="createOrUpdateModel",
    summary="Create or update a model",
    response_model=Answer[ModelRecord],
)
def create_or_update_model(caller: Caller, once: Once, body: ModelBody) -> Response:
    """Without `id` a model is created; with `id` the fields that are sent are changed."""
    with once.write() as transaction:
        if body.id:
            row = models.update_model(transaction, caller, body.id, body.changes())
        else:
            row = models.create_model(transaction, caller, body.changes())
        return once.answer(transaction, Answer(result=model_record(row)), about=row["id"])


@router.get("", operation_id="listModels", summary="List your models")
async def list_models(context: Ctx, caller: Caller) -> Answer[list[ModelRecord]]:
    """All models of the account, newest first; deleted ones are left out."""
    rows = await context.read(models.list_models, caller)
    return Answer(result=[model_record(row) for row in rows])


@router.get(
    "/{modelID}",
    operation_id="getModel",
    summary="Read a model",
    response_model=Answer[ModelRecord],
)
async def get_model(request: Request, modelID: str) -> Response:
    """`status` says how far it is: `new`, `training`, `ready`, `failed` or `deleted`."""
    context, caller = context_of(request), caller_of(request)
    row = await context.read(models.get_model, caller, modelID, deleted=True)
    return write(Answer(result=model_record(row)))


@router.delete("/{modelID}", operation_id="deleteModel", summary="Delete a model")
def remove_model(context: Ctx, caller: Caller, modelID: str) -> Answer[str]:
    """Deletes the model with its photos, pictures and adapters, and cancels its jobs."""
    with context.folder.database.write(alone=True) as transaction:
        delete_model(transaction, caller, modelID)
    with suppress(Unreachable):  # upkeep erases it again and again
        erase_blobs(context.folder, modelID)
    return Answer(result="Model deleted")


@router.get(
    "/{modelID}/train",
    operation_id="triggerModelTraining",
    summary="Train a model",
    response_model=Answer[str],
)
def train_model(context: Ctx, caller: Caller, once: Once, modelID: str) -> Response:
    """Starts to train on the model's 12 to 20 `modelInput` images; poll the model until `ready`."""
    limit = context.settings.trainings_per_account
    with once.write(alone=True) as transaction:
        start_training(transaction, caller, modelID, limit, context.terms)
        return once.answer(transaction, Answer(result="Training triggered"))


@router.get(
    "/{modelID}/images",
    operation_id="listModelImages",
    summary="List a model's images",
    response_model=ImagePage,
)
async def list_model_images(
    request: Request,
    modelID: str,
    imageType: Filter = "all",
    pageNum: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    pageSize: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """One page of the model's images, newest first."""
    context, caller = context_of(request), caller_of(request)
    rows = await context.read(list_images, caller, modelID, imageType, pageNum, pageSize)
    if not rows:  # a model that is not there has no images
        await context.read(models.get_model, caller, modelID)
    file_url = file_url_of(request)
    records = [image_record(row, file_url) for row in rows]
    return write(ImagePage(page=pageNum, pageSize=pageSize, result=records))
