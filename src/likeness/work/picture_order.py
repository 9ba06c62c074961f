"""Having a provider draw."""

import asyncio
import io
from collections.abc import Callable
from typing import Any

from PIL import Image

from likeness.actions.generation import finish_generation
from likeness.actions.outcome import Made
from likeness.errors import Refusal
from likeness.jobs.payloads import PictureOrderPayload
from likeness.jobs.queue import Claim
from likeness.media.photo import read_photo
from likeness.media.picture import crop, fit
from likeness.providers.access import PROVIDERS
from likeness.providers.errors import WrongAnswer
from likeness.providers.painters import PAINTERS
from likeness.providers.patience import patiently
from likeness.providers.pictures import PictureOrder
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.access import talk_to
from likeness.work.commit import commit
from likeness.work.reference import as_jpeg
from likeness.work.saving import store_picture
from likeness.work.source import open_reference
from likeness.work.waiting import wait_for

MOST_PIXELS = 80_000_000
"""Of a picture that a provider draws."""

AT_ONCE = 4
"""Pictures of one job that are asked for at once."""


def run_picture_order(
    folder: DataFolder,
    settings: Settings,
    claim: Claim,
    report: Callable[[str, int, int], None],
) -> None:
    """Have the pictures of a claimed order drawn, store them and finish the job.

    Raises `ClaimLost`, `SourceError`, `ProviderError`, `TookTooLong`.
    """
    payload = claim.payload
    assert isinstance(payload, PictureOrderPayload)
    references: list[bytes] = []
    for index, source in enumerate(payload.references):
        report("fetching", index, len(payload.references))
        references.append(as_jpeg(open_reference(folder, settings, claim, source)))
    order = PictureOrder(
        model=payload.model,
        prompt=payload.prompt,
        ratio=payload.ratio,
        area=payload.area,
        format=payload.format,
        quality=payload.quality,
        safety=payload.safety,
        references=tuple(references),
    )
    made: list[Made] = []

    def store(position: int, content: bytes) -> None:
        picture = _as_asked(_read(payload.provider, content), payload)
        data = _record(claim, payload, picture)
        made.append(store_picture(folder, claim, position, picture, data, format=payload.format))

    wait_for(
        _draw_all(settings, payload, order, store),
        lambda: report("waiting", len(made), payload.num_images),
        settings.generation_deadline,
    )
    made.sort(key=lambda one: one.position)
    commit(folder.database, lambda transaction: finish_generation(transaction, claim, made))


async def _draw_all(
    settings: Settings,
    payload: PictureOrderPayload,
    order: PictureOrder,
    store: Callable[[int, bytes], None],
) -> None:
    """Store each picture as it comes, so that few are in memory."""
    turns = asyncio.Semaphore(AT_ONCE)
    async with talk_to(payload.provider, settings) as talk:
        painter = PAINTERS[payload.provider](talk)

        async def draw(position: int) -> None:
            async with turns:
                store(position, await patiently(lambda: painter.draw(order), talk.patience))

        draws = [asyncio.ensure_future(draw(position)) for position in range(payload.num_images)]
        try:
            await asyncio.gather(*draws)
        finally:
            for one in draws:
                one.cancel()
            await asyncio.wait(draws)


def _read(provider: str, content: bytes) -> Image.Image:
    try:
        return read_photo(io.BytesIO(content), MOST_PIXELS)
    except Refusal as error:
        title = PROVIDERS[provider].title
        raise WrongAnswer(title, f"it is no picture: {error.message}") from None


def _as_asked(picture: Image.Image, payload: PictureOrderPayload) -> Image.Image:
    """In the size that was named in px, or else in the shape that was asked for."""
    if payload.exact:
        return fit(picture, *payload.exact)
    return picture if payload.ratio is None else crop(picture, payload.ratio)


def _record(claim: Claim, payload: PictureOrderPayload, picture: Image.Image) -> dict[str, Any]:
    first = payload.references[0].image_id if payload.references else ""
    return {
        "prompt": payload.prompt,
        "preset": payload.preset or "",
        "inputImageId": first,
        "fullPrompt": payload.prompt,
        "width": picture.width,
        "height": picture.height,
        "synthetic": True,
        "jobId": claim.job_id,
        "base": payload.model,
        "engine": f"provider:{payload.provider}",
    }
