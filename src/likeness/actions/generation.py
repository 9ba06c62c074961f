"""Making pictures of a trained model."""

import secrets
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StrictBool

from likeness.accounts.service import Account
from likeness.actions.ending import succeed
from likeness.actions.outcome import Made, show
from likeness.actions.starting import Terms, start_job
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.jobs import queue
from likeness.jobs.payloads import GenerationPayload, Source
from likeness.models import service as models
from likeness.presets.service import Presets, get_preset
from likeness.store.database import Transaction
from likeness.webhooks.schemas import Told
from likeness.wire import WHOLE, Body, LongText, Text

LARGEST_SEED = 2**63 - 1
SIDE = 1024
STRENGTH = 0.5
"""How much of a picture that generation begins with stays, when nobody says it."""

NumImages = Annotated[int, Field(strict=True, ge=1, le=8), WHOLE]
Seed = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        lt=LARGEST_SEED + 1,  # exact as a float too, which is what readers of JSON make of it
        description="picture i has the seed `seed` + i; else a random one",
    ),
    WHOLE,
]


class ModelNotTrained(Refusal):
    """The model is not trained. Upload 12 to 20 photos, train it and wait until it is ready."""


class BaseGone(Refusal):
    """The model was trained on a base that this server has no more. Train it again."""

    status = 409


class ModelNotReady(Refusal):
    """The model is in its first training. Wait until it is ready, then generate."""

    status = 409


class NothingToMake(Refusal):
    """The request says nothing. Say in `prompt` what the picture shows, name a `preset`, or give an
    image in `inputImageId`."""


def one_says_something(*fields: str, lists: Sequence[str] = ()) -> dict[str, Any]:
    """JSON Schema of a body in which at least one of these texts has more in it than spaces, or one
    of these lists is not empty."""
    text = {"type": "string", "pattern": r"[^\s\x1c-\x1f\x85]"}
    filled = {field: text for field in fields}
    filled |= {field: {"type": "array", "minItems": 1} for field in lists}
    return {
        "anyOf": [
            {"required": [field], "properties": {field: something}}
            for field, something in filled.items()
        ]
    }


class GenerationBody(Body):
    """The body of triggerImageGenerationJob for a trained model."""

    model_config = ConfigDict(
        json_schema_extra=one_says_something("prompt", "preset", "inputImageId")
    )

    modelID: Text
    prompt: LongText | None = None
    width: Annotated[int, Field(strict=True, ge=64, le=2048), WHOLE] | None = Field(
        None, description="px; else the preset's, else 1024"
    )
    height: Annotated[int, Field(strict=True, ge=64, le=2048), WHOLE] | None = Field(
        None, description="px; else the preset's, else 1024"
    )
    numImages: NumImages = 1
    steps: Annotated[int, Field(strict=True, ge=1, le=100), WHOLE] | None = Field(
        None, description="denoising steps; else what suits the base"
    )
    seed: Seed | None = None
    preset: Text | None = Field(None, description="a tag of listPresets: what is around the person")
    inputImageId: Text | None = Field(
        None, description="one of your images, which the pictures are to resemble"
    )
    styleStrength: Annotated[float, Field(strict=True, ge=0, le=1)] | None = Field(
        None, description="how much of that image stays: 0 nothing, 1 nearly all; else 0.5"
    )
    enhanceFace: StrictBool | None = Field(None, description="draw the largest face again, closer")
    webhookUrl: Told = None
    runType: Any = Field(None, description="ignored: there is one way to run")


def start_generation(
    transaction: Transaction,
    account: Account,
    body: GenerationBody,
    presets: Presets,
    terms: Terms,
) -> str:
    """Enqueue a generation with the model's newest adapter and return its job's id.

    Raises `ModelNotFound`, `ModelNotTrained`, `ModelNotReady`, `BaseGone`, `UnknownPreset`,
    `ImageNotFound`, `NothingToMake`, `InsufficientCredits`.
    """
    model = models.get_model(transaction, account, body.modelID)
    if model["adapter_id"] is None:
        raise ModelNotReady if model["status"] == "training" else ModelNotTrained
    adapter = models.get_adapter(transaction, model["adapter_id"])
    assert adapter is not None
    if not terms.has(adapter["base"]):
        raise BaseGone(
            f"The model was trained on the base {adapter['base']}, which this server has no more. "
            "Train it again, then generate."
        )
    reference = (
        images.get_image(transaction, account, body.inputImageId) if body.inputImageId else None
    )
    preset = get_preset(presets, body.preset) if body.preset else None
    prompt = (body.prompt or "").strip()
    if preset is not None:
        prompt = preset.prompt_for(models.noun_of(model), prompt)
    if not prompt and reference is None:
        raise NothingToMake
    payload = GenerationPayload(
        adapter_id=model["adapter_id"],
        prompt=prompt,
        preset=body.preset or None,
        source=Source(image_id=reference["id"]) if reference else None,
        strength=STRENGTH if body.styleStrength is None else body.styleStrength,
        width=body.width or (preset.width if preset else SIDE),
        height=body.height or (preset.height if preset else SIDE),
        num_images=body.numImages,
        steps=body.steps or (preset.steps if preset else None),
        seed=secrets.randbelow(2**32) if body.seed is None else body.seed,
        enhance_face=bool(body.enhanceFace),
    )
    return start_job(
        transaction,
        account,
        body.modelID,
        payload,
        terms,
        body.webhookUrl,
        base=adapter["base"],
    )


def finish_generation(transaction: Transaction, claim: queue.Claim, pictures: list[Made]) -> None:
    """Make stored pictures visible and end the job, both or neither. Raises `ClaimLost`."""
    job = queue.fence(transaction, claim.token)
    for made in pictures:
        show(transaction, claim, made)
    succeed(transaction, job)
