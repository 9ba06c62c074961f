"""Running an upscaling."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from likeness.actions.upscaling import finish_upscaling
from likeness.images.service import ImageNotFound
from likeness.jobs.payloads import UpscalingPayload
from likeness.jobs.queue import Claim
from likeness.media.picture import ENHANCED, SYNTHETIC
from likeness.store.folder import DataFolder
from likeness.work.commit import commit
from likeness.work.saving import store_picture
from likeness.work.source import SourceDeleted, open_source

if TYPE_CHECKING:
    from likeness.engine.upscaling import Upscaler


def run_upscaling(
    folder: DataFolder,
    upscaler: "Upscaler",
    claim: Claim,
    report: Callable[[str, int, int], None],
) -> None:
    """Enlarge the image of a claimed upscaling, store the picture and finish the job.

    Raises `ClaimLost` when the job was cancelled or given to another, `SourceDeleted`, and what the
    engine raises.
    """
    from likeness.engine.upscaling import factor_for

    payload = claim.payload
    assert isinstance(payload, UpscalingPayload)
    source, small = open_source(folder, claim, payload.image_id)
    factor = factor_for(*small.size)
    large = upscaler.enlarge(small, factor, lambda tile, tiles: report("upscaling", tile, tiles))
    made_up = bool(source["data"].get("synthetic"))
    data = {
        "upscaledFrom": source["id"],
        "factor": factor,
        "width": large.width,
        "height": large.height,
        "synthetic": made_up,
        "jobId": claim.job_id,
    }
    source_type = SYNTHETIC if made_up else ENHANCED
    made = store_picture(folder, claim, 0, large, data, source=source_type)
    try:
        commit(folder.database, lambda transaction: finish_upscaling(transaction, claim, made))
    except ImageNotFound:
        raise SourceDeleted(SourceDeleted.__doc__) from None
