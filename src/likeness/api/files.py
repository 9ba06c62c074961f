"""Files behind signed URLs, which open without an API key."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse, Response

from likeness.api.context import Context, Ctx
from likeness.errors import Refusal
from likeness.images import service as images
from likeness.store.blobs import MEDIA_TYPES
from likeness.store.database import Transaction
from likeness.store.ids import is_id
from likeness.videos import service as videos

router = APIRouter()


class FileNotFound(Refusal):
    """There is no file at this address: it was deleted, or the address is not complete."""

    status = 404


@router.api_route("/files/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def get_file(
    request: Request, context: Ctx, name: str, sig: str = "", exp: str = ""
) -> Response:
    """The bytes of an image or video, or the way to them; HEAD and Range are answered."""
    file_id, _, extension = name.partition(".")
    if not is_id(file_id) or not context.signer.accepts(name, sig, exp):
        raise FileNotFound

    def find(transaction: Transaction) -> str | None:
        return (videos if extension == "mp4" else images).find_file(transaction, file_id)

    key = await context.read(find)
    if key is None or not key.endswith(f".{extension}"):
        raise FileNotFound
    # In a thread: to sign a link may take asking for the keys of this machine's role.
    return await run_in_threadpool(_file, context, key, extension, request.method)


def _file(context: Context, key: str, extension: str, asked: str) -> Response:
    blobs = context.folder.blobs
    method: Literal["GET", "HEAD"] = "HEAD" if asked == "HEAD" else "GET"
    if link := blobs.link(key, method):
        return RedirectResponse(link, 302, {"Cache-Control": "no-store"})
    try:
        path = blobs.fetch(key, context.folder.copies)
    except FileNotFoundError:
        raise FileNotFound from None
    headers = {
        "X-Content-Type-Options": "nosniff",
        # A deleted picture must not live on in a cache.
        "Cache-Control": "private, no-cache",
    }
    return FileResponse(path, media_type=MEDIA_TYPES[extension], headers=headers)
