"""Files behind signed URLs, which open without an API key."""

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from likeness.api.context import Ctx
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.store.ids import is_id
from likeness.videos import service as videos

router = APIRouter()

MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4"}


class FileNotFound(Refusal):
    """There is no file at this address: it was deleted, or the address is not complete."""

    status = 404


@router.api_route("/files/{name}", methods=["GET", "HEAD"], include_in_schema=False)
def get_file(context: Ctx, name: str, sig: str = "", exp: str = "") -> Response:
    """The bytes of an image or video; HEAD and Range are answered."""
    file_id, _, extension = name.partition(".")
    if not is_id(file_id) or not context.signer.accepts(name, sig, exp):
        raise FileNotFound
    with context.folder.database.read() as transaction:
        find = (videos if extension == "mp4" else images).find_file
        key = find(transaction, file_id)
    path = context.folder.blobs.path(key) if key is not None else None
    if path is None or path.suffix != f".{extension}" or not path.is_file():
        raise FileNotFound
    headers = {
        "X-Content-Type-Options": "nosniff",
        # A deleted picture must not live on in a cache.
        "Cache-Control": "private, no-cache",
    }
    return FileResponse(path, media_type=MEDIA_TYPES[extension], headers=headers)
