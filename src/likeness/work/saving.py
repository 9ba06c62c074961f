"""Storing the pictures that a job makes."""

from typing import Any

from PIL import Image

from likeness.actions.outcome import Made
from likeness.jobs.queue import Claim
from likeness.media.picture import EXTENSIONS, SYNTHETIC, Format, save_picture
from likeness.models.blob_keys import output_key
from likeness.store.folder import DataFolder


def store_picture(
    folder: DataFolder,
    claim: Claim,
    position: int,
    picture: Image.Image,
    data: dict[str, Any],
    *,
    source: str = SYNTHETIC,
    format: Format = "jpeg",
) -> Made:
    """Encode a picture with its mark and store it under a key of this claim's own."""
    key = output_key(claim.model_id, claim.job_id, claim.token, position, EXTENSIONS[format])
    with folder.place(claim.token) as place:
        path = place / "picture"
        with path.open("wb") as file:
            save_picture(picture, file, source, format)
        folder.blobs.put(key, path)
    return Made(position, key, data)
