"""What every endpoint needs: the settings, the data folder, the caller, and URLs of files."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from likeness.accounts.service import Account
from likeness.actions.starting import Terms
from likeness.api.notifier import Notifier
from likeness.presets.service import Presets
from likeness.settings import Settings
from likeness.store.database import Transaction
from likeness.store.folder import DataFolder
from likeness.store.signing import Signer

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Context:
    """What the server works with, for as long as it runs.

    `decoders` is how many photos are decoded at once: each may take 3 bytes for every pixel.
    `readers` is how many threads read the database at once.
    """

    settings: Settings
    folder: DataFolder
    signer: Signer
    presets: Presets
    terms: Terms
    notifier: Notifier
    decoders: CapacityLimiter
    readers: CapacityLimiter

    async def read(
        self,
        question: Callable[Concatenate[Transaction, Asked], Found],
        *asked: Asked.args,
        **options: Asked.kwargs,
    ) -> Found:
        """What a question to the database finds, in one view of it."""

        def look() -> Found:
            with self.folder.database.read() as transaction:
                return question(transaction, *asked, **options)

        return await to_thread.run_sync(look, limiter=self.readers)

    def own_file(self, url: str) -> str | None:
        """The id of one of our own files, from a URL that we signed."""
        name = self.signer.name_of(url)
        return name.partition(".")[0] if name else None


def context_of(request: Request) -> Context:
    """What the server works with."""
    return request.app.state.context


def caller_of(request: Request) -> Account:
    """Who asks."""
    return request.state.account


def file_url_of(request: Request) -> Callable[[str], str]:
    """What makes a file's name into its absolute, signed URL."""
    context = context_of(request)
    root = context.settings.public_url or _asked_address(request)

    return partial(context.signer.url, root)


def _asked_address(request: Request) -> str:
    host = request.headers.get("host")  # in a hundredth of the time that `request.url` takes
    return f"{request.scope['scheme']}://{host or request.url.netloc}"


# Async although they never wait: FastAPI would run plain functions in a thread each. Endpoints that
# are read all the time take the request and call the functions above: each dependency costs as much
# as a read of the database.
async def _context(request: Request) -> Context:
    return context_of(request)


async def _caller(request: Request) -> Account:
    return caller_of(request)


async def _file_url(request: Request) -> Callable[[str], str]:
    return file_url_of(request)


Ctx = Annotated[Context, Depends(_context)]
Caller = Annotated[Account, Depends(_caller)]
FileUrl = Annotated[Callable[[str], str], Depends(_file_url)]
