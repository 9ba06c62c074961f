"""Pictures and videos that a request names by URL."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from likeness.errors import Refusal
from likeness.images.service import find_file
from likeness.jobs.payloads import Source
from likeness.store.database import Transaction
from likeness.videos import service as videos

LONGEST_URL = 4096

OwnFile = Callable[[str], str | None]
"""The id of one of this server's own files, from a URL that it has signed; None of any other."""


class ReferenceGone(Refusal):
    """A reference was one of this server's own and has been deleted. Name another one."""


def _url_in(value: Any) -> Any:
    return value["url"] if isinstance(value, dict) and "url" in value else value


def _web(url: str) -> str:
    if len(url) > LONGEST_URL:
        raise ValueError(f"must have at most {LONGEST_URL} characters")
    if not url.lower().startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url


_URL = {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": LONGEST_URL}
_OBJECT = {"type": "object", "required": ["url"], "properties": {"url": _URL}}

Url = Annotated[str, AfterValidator(_web), WithJsonSchema(_URL)]
"""A URL. What is there is looked at by the job."""

Link = Annotated[
    str,
    BeforeValidator(_url_in),
    AfterValidator(_web),
    WithJsonSchema({"anyOf": [_URL, _OBJECT]}),
]
"""The same: a text, or `{"url": text}`."""


def source_of(transaction: Transaction, url: str, own_file: OwnFile) -> Source:
    """Where a job finds the picture at a URL. Raises `ReferenceGone`."""
    image_id = _own(transaction, url, own_file, find_file)
    return Source(image_id=image_id) if image_id else Source(url=url)


def video_source_of(transaction: Transaction, url: str, own_file: OwnFile) -> Source:
    """Where a job finds the video at a URL. Raises `ReferenceGone`."""
    video_id = _own(transaction, url, own_file, videos.find_file)
    return Source(video_id=video_id) if video_id else Source(url=url)


def _own(
    transaction: Transaction,
    url: str,
    own_file: OwnFile,
    find: Callable[[Transaction, str], object | None],
) -> str | None:
    """The id of what a URL of this server's own leads to; None of any other URL."""
    found = own_file(url)
    if found is not None and find(transaction, found) is None:
        raise ReferenceGone
    return found
