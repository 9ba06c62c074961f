"""Endpoints that start the making of pictures."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Discriminator, Tag
from starlette.responses import Response

from likeness.actions.generation import GenerationBody, start_generation
from likeness.actions.public_generation import PublicGenerationBody, start_public_generation
from likeness.actions.upscaling import UpscalingBody, start_upscaling
from likeness.api.context import Caller, Ctx
from likeness.api.envelope import BRANCHES, Answer
from likeness.api.once import Once
from likeness.catalog.service import CATALOG
from likeness.jobs.schemas import Triggered

router = APIRouter(prefix="/images", tags=["Generation"])


def _which(body: Any) -> str:
    """Public models have names, trained ones have ids."""
    named = body.get("modelID") if isinstance(body, dict) else None
    return BRANCHES[isinstance(named, str) and named in CATALOG.images]


AnyGeneration = Annotated[
    Annotated[GenerationBody, Tag(BRANCHES[0])] | Annotated[PublicGenerationBody, Tag(BRANCHES[1])],
    Discriminator(_which),
]


@router.post(
    "/generation",
    operation_id="triggerImageGenerationJob",
    summary="Make pictures of a model",
    response_model=Answer[Triggered],
)
def generate_images(context: Ctx, caller: Caller, once: Once, body: AnyGeneration) -> Response:
    """Starts a job that makes `numImages` pictures, of a trained model or by a public one; poll the
    job."""
    with once.write() as transaction:
        if isinstance(body, GenerationBody):
            job_id = start_generation(transaction, caller, body, context.presets, context.terms)
        else:
            job_id = start_public_generation(
                transaction,
                caller,
                body,
                context.presets,
                context.own_file,
                context.settings.public_models_by,
                context.settings.provider_keys.keys(),
                context.terms,
            )
        return once.answer(transaction, Answer(result=Triggered(jobId=job_id)))


@router.post(
    "/upscaling",
    operation_id="triggerImageUpscalingJob",
    summary="Enlarge one of your images",
    response_model=Answer[Triggered],
)
def upscale_image(context: Ctx, caller: Caller, once: Once, body: UpscalingBody) -> Response:
    """Starts a job that makes a picture of four times the width and height, or of twice where a
    side would pass 4,096 px; poll the job."""
    with once.write() as transaction:
        job_id = start_upscaling(transaction, caller, body, context.terms)
        return once.answer(transaction, Answer(result=Triggered(jobId=job_id)))
