"""Videos that a provider is to make."""

import re
from collections.abc import Sequence

from likeness.catalog.schemas import PublicVideoModel
from likeness.catalog.size import RATIO
from likeness.errors import Refusal
from likeness.jobs.payloads import Source, VideoOrderPayload

MOST_MOTIONS = 3
"""Reference videos that a provider is shown."""


class PictureMissing(Refusal):
    """This model moves a picture as a video does. Name the picture in `referenceImages`, as
    [{"url": "https://...", "role": "first_frame"}]."""


def order_videos(
    model: PublicVideoModel,
    *,
    prompt: str,
    negative_prompt: str,
    seconds: float | None,
    ratio: str,
    side: int | None,
    audio: bool,
    num_videos: int,
    seed: int | None,
    first: Source | None,
    last: Source | None,
    references: Sequence[Source],
    motions: Sequence[str],
) -> VideoOrderPayload:
    """The job of having a model's provider make videos. `ratio` is what was asked for, `side` the
    shorter side in px; what nobody asked for is left to the provider. Raises `PictureMissing`."""
    if model.motion and not (first or references):
        raise PictureMissing
    found = re.fullmatch(RATIO, ratio)
    return VideoOrderPayload(
        provider=model.provider,
        model=model.model,
        grade=model.grade,
        prompt=prompt,
        negative_prompt=negative_prompt,
        seconds=None if seconds is None else round(seconds),
        ratio=f"{int(found[1])}:{int(found[2])}" if found else None,
        resolution=None if side is None else f"{side}p",
        # A video whose movement is taken keeps its sound.
        audio=audio or model.motion,
        num_videos=num_videos,
        seed=seed,
        first=first,
        last=last,
        references=tuple(references),
        motions=tuple(motions[:MOST_MOTIONS]),
    )
