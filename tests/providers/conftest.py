"""Providers that answer from this machine."""

import asyncio
from collections.abc import Callable, Generator
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.support.providers import KEYS, Providers, providers
from tests.support.web import WEB_HOST

from likeness.fetching import Fetcher
from likeness.providers.access import Access
from likeness.providers.makers import MAKERS
from likeness.providers.painters import PAINTERS
from likeness.providers.patience import Patience, patiently
from likeness.providers.pictures import PictureOrder
from likeness.providers.talk import Talk
from likeness.providers.videos import VideoOrder, make_video

HASTE = Patience(first_pause=0.01, longest_pause=0.05, seconds=30, poll=0.01)

Draw = Callable[[str, PictureOrder], bytes]
Film = Callable[..., list[str]]
"""Has a video made; returns the ids of tasks that were begun."""


@pytest.fixture(scope="session")
def elsewhere() -> Generator[Providers]:
    """All providers, at one server."""
    with providers() as running:
        yield running


def talk_to(elsewhere: Providers, name: str) -> Talk:
    """A conversation without long pauses."""
    access = Access.to(name, KEYS[name], elsewhere.url(name))
    return Talk(access, HASTE, Fetcher([ip_network(f"{WEB_HOST}/32")]))


@pytest.fixture
def draw(elsewhere: Providers) -> Draw:
    """Has a provider draw."""

    def draw(name: str, order: PictureOrder) -> bytes:
        async def run() -> bytes:
            async with talk_to(elsewhere, name) as talk:
                painter = PAINTERS[name](talk)
                return await patiently(lambda: painter.draw(order), talk.patience)

        return asyncio.run(run())

    return draw


@pytest.fixture
def film(elsewhere: Providers) -> Film:
    """Has a provider make a video."""

    def film(name: str, order: VideoOrder, path: Path, task: str | None = None) -> list[str]:
        begun: list[str] = []

        async def run() -> None:
            async with talk_to(elsewhere, name) as talk:
                maker = MAKERS[name](talk)
                await make_video(talk, maker, order, path, task=task, on_task=begun.append)

        asyncio.run(run())
        return begun

    return film
