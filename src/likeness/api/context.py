"""What every endpoint needs: the settings, the data folder, the caller, and URLs of files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from likeness.accounts.service import Account
from likeness.api.notifier import Notifier
from likeness.presets.service import Presets
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.signing import Signer


@dataclass(frozen=True)
class Context:
    """What the server works with, for as long as it runs.

    `decoders` is how many photos are decoded at once: each may take 3 bytes for every pixel.
    """

    settings: Settings
    folder: DataFolder
    signer: Signer
    presets: Presets
    notifier: Notifier
    decoders: CapacityLimiter

    def own_file(self, url: str) -> str | None:
        """The id of one of our own files, from a URL that we signed."""
        name = self.signer.name_of(url)
        return name.partition(".")[0] if name else None


async def _context(request: Request) -> Context:
    return request.app.state.context


async def _caller(request: Request) -> Account:
    return request.state.account


async def _file_url(request: Request) -> Callable[[str], str]:
    context: Context = request.app.state.context
    root = context.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"

    def file_url(name: str) -> str:
        return f"{root}/files/{name}?{context.signer.query(name)}"

    return file_url


# Async although they never wait: FastAPI would run plain functions in a thread each.
Ctx = Annotated[Context, Depends(_context)]
Caller = Annotated[Account, Depends(_caller)]
FileUrl = Annotated[Callable[[str], str], Depends(_file_url)]
