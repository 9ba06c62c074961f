"""Talking with a provider over HTTP: requests are signed, answers are bounded and typed."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from likeness.fetching import REDIRECTS, Fetcher, FetchError
from likeness.mistakes import mistakes
from likeness.providers.access import Access
from likeness.providers.complaints import complaint
from likeness.providers.errors import ProviderBusy, WrongAnswer
from likeness.providers.patience import Patience

MOST_ANSWER = 96 * 1024 * 1024
"""Bytes of an answer: a picture of 4096 px as PNG takes 50 MB at most, and a third more as text."""

MOST_RESULT = 1024 * 1024 * 1024
"""Bytes of a file that an answer names."""

CONNECT_SECONDS = 15.0

Json = Mapping[str, Any]
Part = tuple[str, tuple[str, bytes, str]]
"""A file of a form: its field, then its name, bytes and media type."""


class Reply(BaseModel):
    """What we read of an answer; all else in it is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Kind = TypeVar("Kind", bound=Reply)


class Talk:
    """A conversation with one provider. Use it with `async with`.

    `fetcher` fetches what an answer names at other addresses than the provider's own.
    """

    def __init__(
        self, access: Access, patience: Patience | None = None, fetcher: Fetcher | None = None
    ) -> None:
        self.title = access.title
        self.patience = patience or Patience()
        self._access = access
        self._fetcher = fetcher or Fetcher()
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(self.patience.seconds, connect=CONNECT_SECONDS),
            headers={"User-Agent": "Likeness", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def post(
        self,
        path: str,
        into: type[Kind],
        *,
        json: Json | None = None,
        data: Json | None = None,
        files: Sequence[Part] | None = None,
    ) -> Kind:
        """Send JSON, or a form with files, and read the answer. Raises ProviderError."""
        return await self._ask("POST", path, into, json=json, data=data, files=files)

    async def get(self, path: str, into: type[Kind]) -> Kind:
        """Read an answer. Raises ProviderError."""
        return await self._ask("GET", path, into)

    async def save(self, url: str, path: Path) -> None:
        """Write what is at a URL that an answer named to a file. Raises ProviderError.

        The key is shown to the provider's own address alone, whatever an answer says.
        """
        if _origin(url) == _origin(self._access.url):
            onward = await self._save_own(url, path)
            if onward is None:
                return
            url = onward
        fetcher = replace(self._fetcher, most_bytes=MOST_RESULT, seconds=self.patience.seconds)
        try:
            with path.open("wb") as file:
                await asyncio.to_thread(fetcher.fetch, url, file)
        except FetchError as error:
            raise ProviderBusy(self.title, f"its result cannot be fetched: {error}") from None

    async def _ask(self, method: str, path: str, into: type[Kind], **content: Any) -> Kind:
        async with self._answer(method, f"{self._access.url}/{path}", **content) as answer:
            body = await self._body(answer)
        self._check(answer, body)
        try:
            return into.model_validate(json.loads(body))
        except ValidationError as error:
            raise WrongAnswer(self.title, "; ".join(mistakes(error))[:500]) from None
        except (ValueError, RecursionError):
            raise WrongAnswer(self.title, "it is not JSON") from None

    async def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > MOST_ANSWER:
                raise WrongAnswer(self.title, f"it has more than {MOST_ANSWER:,} bytes")
        return bytes(body)

    async def _save_own(self, url: str, path: Path) -> str | None:
        """Write the file, or return where a redirect leads to."""
        size = 0
        async with self._answer("GET", url) as answer:
            if answer.status_code in REDIRECTS and "location" in answer.headers:
                return str(answer.url.join(answer.headers["location"]))
            if not answer.is_success:
                self._check(answer, await self._body(answer))
            with path.open("wb") as file:
                async for chunk in answer.aiter_bytes():
                    size += len(chunk)
                    if size > MOST_RESULT:
                        raise WrongAnswer(self.title, f"it has more than {MOST_RESULT:,} bytes")
                    file.write(chunk)
        return None

    @asynccontextmanager
    async def _answer(
        self, method: str, url: str, **content: Any
    ) -> AsyncGenerator[httpx.Response]:
        headers = self._access.headers()
        try:
            async with (
                asyncio.timeout(self.patience.seconds),
                self._http.stream(method, url, headers=headers, **content) as answer,
            ):
                yield answer
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ProviderBusy(self.title, _words(error), taken=False) from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise ProviderBusy(self.title, _words(error)) from None

    def _check(self, answer: httpx.Response, body: bytes) -> None:
        if not answer.is_success:
            pause = answer.headers.get("retry-after", "")
            error = complaint(self.title, answer.status_code, body, pause)
            error.detail = error.detail.replace(self._access.key, "***")
            raise error


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return None
    return parsed.scheme, parsed.host, parsed.port
