"""Endpoints that start the making of pictures."""

from fastapi import APIRouter

from likeness.actions.generation import GenerationBody, start_generation
from likeness.actions.upscaling import UpscalingBody, start_upscaling
from likeness.api.context import Caller, Ctx
from likeness.api.envelope import Answer
from likeness.jobs.schemas import Triggered

router = APIRouter(prefix="/images", tags=["Generation"])


@router.post(
    "/generation", operation_id="triggerImageGenerationJob", summary="Make pictures of a model"
)
def generate_images(context: Ctx, caller: Caller, body: GenerationBody) -> Answer[Triggered]:
    """Starts a job that makes `numImages` pictures of a trained model; poll the job."""
    with context.folder.database.write() as transaction:
        job_id = start_generation(transaction, caller, body, context.presets)
    return Answer(result=Triggered(jobId=job_id))


@router.post(
    "/upscaling", operation_id="triggerImageUpscalingJob", summary="Enlarge one of your images"
)
def upscale_image(context: Ctx, caller: Caller, body: UpscalingBody) -> Answer[Triggered]:
    """Starts a job that makes a picture of four times the width and height, or of twice where a
    side would pass 4,096 px; poll the job."""
    with context.folder.database.write() as transaction:
        job_id = start_upscaling(transaction, caller, body)
    return Answer(result=Triggered(jobId=job_id))
