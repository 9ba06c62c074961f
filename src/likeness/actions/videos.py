"""Making videos with a public model."""

import secrets
from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from likeness.accounts.service import Account
from likeness.actions.ending import succeed
from likeness.actions.generation import LARGEST_SEED, NothingToMake, one_says_something
from likeness.actions.outcome import Made
from likeness.actions.picture_orders import check_provider
from likeness.actions.references import OwnFile, source_of, video_source_of
from likeness.actions.starting import Terms, start_job
from likeness.actions.video_orders import order_videos
from likeness.actions.video_references import ImageReferences, Pictures, VideoReferences, by_role
from likeness.catalog.options import read_options
from likeness.catalog.schemas import PublicVideoModel
from likeness.catalog.service import CATALOG
from likeness.catalog.size import aspect_ratio
from likeness.catalog.video_size import shorter_side
from likeness.errors import Refusal
from likeness.jobs import queue
from likeness.jobs.payloads import Source, VideoOrderPayload, VideoPayload
from likeness.store.database import Transaction
from likeness.videos.service import add_video
from likeness.webhooks.schemas import Told
from likeness.wire import WHOLE, Body, LongText, Text

SHORTEST, LONGEST = 1.0, 15.0
"""Seconds that a video lasts."""


class PublicVideosOff(Refusal):
    """This server makes no videos: its operator has to set LIKENESS_PUBLIC_MODELS, to `local`,
    which lets the base of the server, or the pipeline of LIKENESS_VIDEO_BASE, make them, or to
    `providers`, which has them made by those who make the models."""


class VideoModelNotFound(Refusal):
    """There is no public video model with this id. Send a `modelID` that makes videos."""

    status = 404


class MotionMissing(Refusal):
    """This model moves a picture as a video does. Name the video in `referenceVideos`, as
    [{"url": "https://..."}]."""


class WrongDuration(Refusal):
    """The duration does not go with a reference image."""


class VideoOptions(Body):
    """What this server does of a public video model's options; other keys are ignored."""

    duration: Annotated[float, Field(ge=SHORTEST, le=LONGEST)] | None = Field(
        None, description="seconds"
    )
    aspectRatio: Text | None = Field(None, description="e.g. 16:9 or adaptive")
    ratio: Text | None = Field(None, description="the same, as seedance calls it")
    resolution: Text | None = Field(None, description="480p, 720p or 1080p; else 720p")
    generateAudio: bool | None = Field(None, description="a sound track, which is silent")
    negativePrompt: LongText | None = None
    seed: Annotated[int, Field(ge=-1, le=LARGEST_SEED)] | None = Field(
        None, description="video i has the seed `seed` + i; else, or with -1, a random one"
    )


class VideoBody(Body):
    """The body of triggerVideoGenerationJob."""

    model_config = ConfigDict(
        json_schema_extra=one_says_something("prompt", lists=("referenceImages", "referenceVideos"))
    )

    modelID: Text
    prompt: LongText | None = None
    numVideos: Annotated[int, Field(strict=True, ge=1, le=4), WHOLE] = 1
    options: dict[str, Any] | None = Field(None, description="the model's own group of options")
    referenceImages: ImageReferences | None = None
    referenceVideos: VideoReferences | None = None
    webhookUrl: Told = None


def start_video(
    transaction: Transaction,
    account: Account,
    body: VideoBody,
    own_file: OwnFile,
    made_by: Literal["local", "providers", "off"],
    reachable: Collection[str],
    terms: Terms,
) -> str:
    """Enqueue the making of videos by a public model and return the job's id; `reachable` are the
    providers that this server has a key for.

    Raises `VideoModelNotFound`, `PublicVideosOff`, `ProviderNotSet`, `BadOptions`, `BadSize`,
    `TooManyFrames`, `WrongDuration`, `MotionMissing`, `PictureMissing`, `NothingToMake`,
    `ReferenceGone`, `InsufficientCredits`.
    """
    model = CATALOG.videos.get(body.modelID)
    if model is None:
        known = ", ".join(CATALOG.videos)
        raise VideoModelNotFound(f"There is no public video model with this id. Send {known}.")
    if made_by == "off":
        raise PublicVideosOff
    if made_by == "providers":
        check_provider(model, reachable)
    options = read_options(VideoOptions, body.options, model.group)
    pictures = by_role(body.referenceImages or ())
    motion = body.referenceVideos[0] if model.motion and body.referenceVideos else None
    if model.motion and motion is None:
        raise MotionMissing
    prompt = (body.prompt or "").strip()
    if not (prompt or pictures.first or pictures.last or pictures.references or motion):
        raise NothingToMake

    def source(url: str | None) -> Source | None:
        return source_of(transaction, url, own_file) if url else None

    negative_prompt = (options.negativePrompt or "").strip()
    seconds = _seconds(body.modelID, model, options, pictures)
    words = options.aspectRatio or options.ratio or model.ratio
    ratio, side = aspect_ratio(words), shorter_side(options.resolution or "")
    payload: VideoPayload | VideoOrderPayload
    if made_by == "providers":
        payload = order_videos(
            model,
            prompt=prompt,
            negative_prompt=negative_prompt,
            seconds=seconds,
            ratio=words,
            side=side if (options.resolution or "").strip() else None,
            audio=bool(options.generateAudio),
            num_videos=body.numVideos,
            seed=options.seed if options.seed is not None and options.seed >= 0 else None,
            first=source(pictures.first),
            last=source(pictures.last),
            references=[source_of(transaction, url, own_file) for url in pictures.references],
            motions=body.referenceVideos or () if model.looks_at_videos else (),
        )
    else:
        payload = VideoPayload(
            prompt=prompt,
            negative_prompt=negative_prompt,
            seconds=seconds,
            side=side,
            ratio=ratio,
            audio=bool(options.generateAudio),
            num_videos=body.numVideos,
            seed=_seed(options.seed),
            first=source(pictures.first),
            last=source(pictures.last),
            reference=source(pictures.references[0] if pictures.references else None),
            motion=video_source_of(transaction, motion, own_file) if motion else None,
        )
    return start_job(transaction, account, body.modelID, payload, terms, body.webhookUrl)


def finish_video(transaction: Transaction, claim: queue.Claim, made: list[Made]) -> None:
    """Make stored videos visible and end the job, both or neither. Raises `ClaimLost`."""
    job = queue.fence(transaction, claim.token)
    for one in made:
        add_video(
            transaction,
            account_id=claim.account_id,
            model_id=claim.model_id,
            job_id=claim.job_id,
            position=one.position,
            blob_key=one.blob_key,
            data=one.data,
        )
    succeed(transaction, job)


def _seconds(
    model_id: str, model: PublicVideoModel, options: VideoOptions, pictures: Pictures
) -> float | None:
    seconds = model.seconds if options.duration is None else options.duration
    only = model.seconds_with_reference
    if pictures.references and seconds and only and seconds != only:
        raise WrongDuration(
            f"With a reference_image {model_id} makes videos of {only:g} s, not {seconds:g} s. "
            f"Send a duration of {only:g}, or a first_frame in its place."
        )
    return seconds


def _seed(asked: int | None) -> int:
    return secrets.randbelow(2**32) if asked is None or asked < 0 else asked
