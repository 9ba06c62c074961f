"""Having a provider make videos."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from likeness.actions.generation import LARGEST_SEED
from likeness.actions.outcome import Made
from likeness.actions.videos import finish_video
from likeness.errors import Refusal
from likeness.jobs import queue
from likeness.jobs.payloads import Source, VideoOrderPayload
from likeness.jobs.queue import Claim
from likeness.media.wrapper import Wrapped, wrap_anew
from likeness.models.blob_keys import output_key
from likeness.providers.access import PROVIDERS
from likeness.providers.errors import WrongAnswer
from likeness.providers.makers import MAKERS
from likeness.providers.videos import VideoOrder, make_video
from likeness.settings import Settings
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.work.access import talk_to
from likeness.work.commit import commit
from likeness.work.reference import as_jpeg
from likeness.work.source import open_reference
from likeness.work.tasks import Tasks
from likeness.work.waiting import wait_for


def run_video_order(
    folder: DataFolder,
    settings: Settings,
    claim: Claim,
    report: Callable[[str, int, int], None],
) -> None:
    """Have the videos of a claimed order made, store them and finish the job.

    Raises `ClaimLost`, `SourceError`, `ProviderError`, `TookTooLong`.
    """
    payload = claim.payload
    assert isinstance(payload, VideoOrderPayload)
    tasks = Tasks(folder, claim)
    wanted = range(payload.num_videos)
    orders: dict[int, VideoOrder] = {}
    if not set(wanted) <= set(tasks.ids):
        shown = _shown(folder, settings, claim, payload, report)
        orders = {position: _order(payload, shown, position) for position in wanted}
    made: list[Made] = []

    def store(position: int, path: Path) -> None:
        again = path.with_suffix(".marked.mp4")
        try:
            wrapped = wrap_anew(path, again, audio=payload.audio)
        except Refusal as error:
            title = PROVIDERS[payload.provider].title
            raise WrongAnswer(title, f"its video cannot be used: {error.message}") from None
        key = output_key(claim.model_id, claim.job_id, claim.token, position, "mp4")
        folder.blobs.put(key, again)
        made.append(Made(position, key, _record(payload, position, wrapped)))

    with folder.place(claim.token) as place:
        wait_for(
            _make_all(settings, payload, orders, tasks, place, store),
            lambda: report("waiting", len(made), payload.num_videos),
            settings.video_deadline,
        )
    made.sort(key=lambda one: one.position)

    def finish(transaction: Transaction) -> str | None:
        kept = queue.fence(transaction, claim.token)["checkpoint_key"]
        finish_video(transaction, claim, made)
        return kept

    kept = commit(folder.database, finish)
    if kept is not None:
        folder.discard(kept)


async def _make_all(
    settings: Settings,
    payload: VideoOrderPayload,
    orders: dict[int, VideoOrder],
    tasks: Tasks,
    place: Path,
    store: Callable[[int, Path], None],
) -> None:
    async with talk_to(payload.provider, settings) as talk:
        maker = MAKERS[payload.provider](talk)

        async def make(position: int) -> None:
            path = place / f"{position}.mp4"
            task = tasks.ids.get(position)
            order = orders.get(position) or VideoOrder(payload.model)

            def keep(task: str) -> None:
                tasks.keep(position, task)

            await make_video(talk, maker, order, path, task=task, on_task=keep)
            store(position, path)

        makes = [asyncio.ensure_future(make(position)) for position in range(payload.num_videos)]
        try:
            await asyncio.gather(*makes)
        finally:
            for one in makes:
                one.cancel()
            await asyncio.wait(makes)


def _shown(
    folder: DataFolder,
    settings: Settings,
    claim: Claim,
    payload: VideoOrderPayload,
    report: Callable[[str, int, int], None],
) -> dict[Source, bytes]:
    """The pictures that are shown to the provider, as JPEG."""
    named = [payload.first, payload.last, *payload.references]
    sources = [source for source in named if source]
    shown: dict[Source, bytes] = {}
    for index, source in enumerate(sources):
        report("fetching", index, len(sources))
        if source not in shown:
            shown[source] = as_jpeg(open_reference(folder, settings, claim, source))
    return shown


def _order(payload: VideoOrderPayload, shown: dict[Source, bytes], position: int) -> VideoOrder:
    return VideoOrder(
        model=payload.model,
        grade=payload.grade,
        prompt=payload.prompt,
        negative_prompt=payload.negative_prompt,
        ratio=payload.ratio,
        seconds=payload.seconds,
        resolution=payload.resolution,
        audio=payload.audio,
        seed=_seed(payload, position),
        first_frame=shown[payload.first] if payload.first else None,
        last_frame=shown[payload.last] if payload.last else None,
        references=tuple(shown[source] for source in payload.references),
        videos=payload.motions,
    )


def _seed(payload: VideoOrderPayload, position: int) -> int | None:
    return None if payload.seed is None else (payload.seed + position) % (LARGEST_SEED + 1)


def _record(payload: VideoOrderPayload, position: int, wrapped: Wrapped) -> dict[str, Any]:
    return {
        "prompt": payload.prompt,
        "negativePrompt": payload.negative_prompt,
        "seed": _seed(payload, position),
        "width": wrapped.width,
        "height": wrapped.height,
        "duration": round(wrapped.seconds, 3),
        "frameRate": round(wrapped.rate, 3),
        "audio": wrapped.audio,
        "synthetic": True,
        "base": payload.model,
        "engine": f"provider:{payload.provider}",
    }
