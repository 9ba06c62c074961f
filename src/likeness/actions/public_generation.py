"""Making pictures with a public model."""

import secrets
from collections.abc import Collection, Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from likeness.accounts.service import Account
from likeness.actions.generation import (
    STRENGTH,
    NothingToMake,
    NumImages,
    Seed,
    one_says_something,
)
from likeness.actions.picture_orders import check_provider, order_pictures
from likeness.actions.references import Link, OwnFile, source_of
from likeness.actions.starting import Terms, start_job
from likeness.catalog.options import read_options
from likeness.catalog.service import CATALOG
from likeness.catalog.size import RATIO, aspect_ratio, size_of
from likeness.errors import Refusal
from likeness.jobs.payloads import GenerationPayload, PictureOrderPayload
from likeness.presets.service import Presets, get_preset
from likeness.store.database import Transaction
from likeness.webhooks.schemas import Told
from likeness.wire import Body, LongText, Text

FORMATS: dict[str, Literal["jpeg", "png", "webp"]] = {
    "jpeg": "jpeg",
    "jpg": "jpeg",
    "png": "png",
    "webp": "webp",
}


class PublicModelsOff(Refusal):
    """This server does not run public models: its operator has to set LIKENESS_PUBLIC_MODELS, to
    `local`, which lets the base of the server draw in their place, or to `providers`, which has
    them run by those who make them."""


class TooManyReferences(Refusal):
    """There are more reference images than this model takes."""


class UnknownFormat(Refusal):
    """There is no such `outputFormat`. Send jpeg, png or webp."""


class PublicImageOptions(Body):
    """What this server does of a public image model's options; other keys are ignored."""

    imageSize: Text | None = Field(None, description="512, 1K, 2K, 4K, or px as 1536x1024")
    outputFormat: Text | None = Field(None, description="jpeg, png or webp")
    quality: Text | None = Field(None, description="OpenAI's: low, medium, high or auto")
    safetyFilterLevel: Text | None = Field(None, description="Google's: OFF, BLOCK_NONE and others")


class PublicGenerationBody(Body):
    """The body of triggerImageGenerationJob for a public model."""

    model_config = ConfigDict(json_schema_extra=one_says_something("prompt", "preset"))

    modelID: Text
    prompt: LongText | None = None
    aspectRatio: Text | None = Field(
        None,
        description="e.g. 16:9, at most 4:1 either way; else the preset's, else 1:1",
        json_schema_extra={"pattern": rf"^(\s*|auto|adaptive|{RATIO})$"},
    )
    numImages: NumImages = 1
    seed: Seed | None = None
    preset: Text | None = Field(None, description="a tag of listPresets")
    options: dict[str, Any] | None = Field(None, description="the model's own group of options")
    referenceImageURLs: Annotated[Sequence[Link], Field(max_length=100)] | None = Field(
        None, description="pictures for the model to look at; a base begins with the first"
    )
    webhookUrl: Told = None


def start_public_generation(
    transaction: Transaction,
    account: Account,
    body: PublicGenerationBody,
    presets: Presets,
    own_file: OwnFile,
    drawn_by: Literal["local", "providers", "off"],
    reachable: Collection[str],
    terms: Terms,
) -> str:
    """Enqueue a generation by a public model and return its job's id; `reachable` are the providers
    that this server has a key for.

    Raises `PublicModelsOff`, `ProviderNotSet`, `UnknownPreset`, `NothingToMake`, `BadOptions`,
    `BadSize`, `UnknownFormat`, `UnknownWord`, `TooManyReferences`, `ReferenceGone`,
    `InsufficientCredits`.
    """
    if drawn_by == "off":
        raise PublicModelsOff
    model = CATALOG.images[body.modelID]
    if drawn_by == "providers":
        check_provider(model, reachable)
    preset = get_preset(presets, body.preset) if body.preset else None
    prompt = (body.prompt or "").strip()
    if preset is not None:
        prompt = preset.prompt_for("person", prompt)
    if not prompt:
        raise NothingToMake
    options = read_options(PublicImageOptions, body.options, model.group)
    ratio = aspect_ratio(body.aspectRatio or "")
    if ratio is None and preset is not None:
        ratio = preset.width / preset.height
    size = size_of(ratio or 1.0, options.imageSize or "")
    format = _format(options.outputFormat or "jpeg")
    references = body.referenceImageURLs or ()
    if len(references) > model.references:
        raise TooManyReferences(
            f"{body.modelID} takes at most {model.references} reference images, not "
            f"{len(references)}. Send fewer."
        )
    payload: GenerationPayload | PictureOrderPayload
    if drawn_by == "providers":
        payload = order_pictures(
            model,
            prompt,
            [source_of(transaction, reference, own_file) for reference in references],
            preset=body.preset or None,
            ratio=ratio,
            size=size,
            image_size=options.imageSize or "",
            num_images=body.numImages,
            format=format,
            quality=options.quality,
            safety=options.safetyFilterLevel,
        )
    else:
        source = source_of(transaction, references[0], own_file) if references else None
        payload = GenerationPayload(
            adapter_id=None,
            prompt=prompt,
            preset=body.preset or None,
            source=source,
            strength=STRENGTH if source else 0.0,
            width=size[0],
            height=size[1],
            num_images=body.numImages,
            steps=preset.steps if preset else None,
            seed=secrets.randbelow(2**32) if body.seed is None else body.seed,
            format=format,
        )
    return start_job(transaction, account, body.modelID, payload, terms, body.webhookUrl)


def _format(words: str) -> Literal["jpeg", "png", "webp"]:
    found = FORMATS.get(words.strip().lower())
    if found is None:
        raise UnknownFormat
    return found
