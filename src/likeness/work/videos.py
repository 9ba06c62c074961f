"""Running the making of videos."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PIL import Image

from likeness.actions.generation import LARGEST_SEED
from likeness.actions.outcome import Made
from likeness.actions.videos import LONGEST, SHORTEST, finish_video
from likeness.catalog.size import WIDEST
from likeness.catalog.video_size import WIDE, video_size
from likeness.jobs.payloads import Source, VideoPayload
from likeness.jobs.queue import Claim
from likeness.media.video import RATE, save_video
from likeness.models.blob_keys import output_key
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.commit import commit
from likeness.work.source import FOOTAGE_RATE, open_motion, open_reference

if TYPE_CHECKING:
    from likeness.engine.clip import ClipEngine


def run_video(
    folder: DataFolder,
    settings: Settings,
    engine: "ClipEngine",
    claim: Claim,
    report: Callable[[str, int, int], None],
) -> None:
    """Make the videos of a claimed job, store them and finish the job.

    Raises `ClaimLost` when the job was cancelled or given to another, `SourceError` when a picture
    or video that was named cannot be had, and what the engine raises.
    """
    from likeness.engine.clip import ClipRequest

    payload = claim.payload
    assert isinstance(payload, VideoPayload)
    report("fetching", 0, 1)

    def opened(source: Source | None) -> Image.Image | None:
        return open_reference(folder, settings, claim, source) if source else None

    first, last, shown = (opened(one) for one in (payload.first, payload.last, payload.reference))
    motion = open_motion(folder, settings, claim, payload.motion) if payload.motion else ()
    if motion and not (first or shown):
        first = motion[0]
    width, height = video_size(payload.ratio or _ratio_of(first or shown or last), payload.side)
    seconds = payload.seconds or min(max(len(motion) / FOOTAGE_RATE, SHORTEST), LONGEST)
    made: list[Made] = []
    for position in range(payload.num_videos):
        seed = (payload.seed + position) % (LARGEST_SEED + 1)
        request = ClipRequest(
            prompt=payload.prompt,
            negative_prompt=payload.negative_prompt,
            seed=seed,
            width=width,
            height=height,
            frames=round(seconds * RATE),
            rate=RATE,
            first=first,
            last=last,
            reference=shown,
            motion=motion,
        )
        data: dict[str, Any] = {
            "prompt": payload.prompt,
            "negativePrompt": payload.negative_prompt,
            "seed": seed,
            "width": width,
            "height": height,
            "duration": request.frames / RATE,
            "frameRate": RATE,
            "audio": payload.audio,
            "synthetic": True,
            "engine": f"local:{engine.name}",
        }
        key = output_key(claim.model_id, claim.job_id, claim.token, position, "mp4")
        with folder.place(claim.token) as place:
            path = place / "video.mp4"
            save_video(engine.clip(request, report), path, width, height, audio=payload.audio)
            folder.blobs.put(key, path)
        made.append(Made(position, key, data))
    commit(folder.database, lambda transaction: finish_video(transaction, claim, made))


def _ratio_of(picture: Image.Image | None) -> float:
    """A picture's own, as far as a request may ask for it."""
    if picture is None:
        return WIDE
    return min(max(picture.width / picture.height, 1 / WIDEST), WIDEST)
