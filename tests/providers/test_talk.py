"""Providers that fail, refuse, or answer what nobody can use."""

import asyncio
from pathlib import Path

import pytest
from tests.providers.conftest import HASTE, Draw, talk_to
from tests.support.providers import KEYS, Providers

from likeness.fetching import Fetcher
from likeness.providers import talk as talk_module
from likeness.providers.access import Access
from likeness.providers.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderError,
    ProviderRefuses,
    ProviderRejects,
    WrongAnswer,
)
from likeness.providers.painters import PAINTERS
from likeness.providers.pictures import PictureOrder
from likeness.providers.talk import Talk

MODELS = {"openai": "gpt-image-2", "google": "gemini-3-pro-image-preview", "byteplus": "seedream"}


def order(name: str, words: str) -> PictureOrder:
    return PictureOrder(MODELS[name], f"{name} talks {words}", 1, 1024**2)


@pytest.mark.parametrize("name", PAINTERS)
@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("[refuse]", ProviderRefuses, "safety policy"),
        ("[bad]", ProviderRejects, "does not take this request"),
        ("[poor]", ProviderClosed, "cannot use"),
        ("[down]", ProviderBusy, "too busy"),
        ("[busy 9]", ProviderBusy, "too busy"),
        ("[text]", WrongAnswer, "cannot be used"),
        ("[list]", WrongAnswer, "cannot be used"),
        ("[empty]", ProviderError, "cannot be used|made nothing"),
    ],
)
def test_trouble(draw: Draw, name: str, words: str, kind: type[ProviderError], said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        draw(name, order(name, words))
    assert caught.value.detail
    assert "4711" not in str(caught.value), "what a provider says is not for clients"


@pytest.mark.parametrize("name", PAINTERS)
def test_a_busy_provider_is_asked_again(elsewhere: Providers, draw: Draw, name: str) -> None:
    assert draw(name, order(name, "[busy 2]")) == elsewhere.picture
    assert len(elsewhere.of(f"{name} talks [busy 2]")) == 3


@pytest.mark.parametrize("name", PAINTERS)
def test_a_key_that_is_wrong(elsewhere: Providers, name: str) -> None:
    async def ask() -> None:
        async with Talk(Access.to(name, "wrong-key", elsewhere.url(name)), HASTE) as talk:
            await PAINTERS[name](talk).draw(order(name, "[key]"))

    with pytest.raises(ProviderClosed) as caught:
        asyncio.run(ask())
    assert "401" in caught.value.detail
    assert "key" not in str(caught.value).lower()


def test_a_key_in_a_complaint_is_hidden(elsewhere: Providers) -> None:
    async def ask() -> None:
        key = "Incorrect"  # the first word of the complaint
        async with Talk(Access.to("openai", key, elsewhere.url("openai")), HASTE) as talk:
            await PAINTERS["openai"](talk).draw(order("openai", "[key]"))

    with pytest.raises(ProviderClosed) as caught:
        asyncio.run(ask())
    assert "***" in caught.value.detail and "Incorrect" not in caught.value.detail


def test_nobody_there() -> None:
    async def ask() -> None:
        async with Talk(Access.to("openai", "k", "http://127.0.0.1:1/v1"), HASTE) as talk:
            await PAINTERS["openai"](talk).draw(order("openai", ""))

    with pytest.raises(ProviderBusy) as caught:
        asyncio.run(ask())
    assert not caught.value.taken


def test_too_long_an_answer(
    elsewhere: Providers, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_module, "MOST_ANSWER", len(elsewhere.picture))
    with pytest.raises(WrongAnswer) as caught:
        draw("openai", order("openai", "[size]"))
    assert "more than" in caught.value.detail


def test_an_answer_that_breaks_off(draw: Draw) -> None:
    with pytest.raises(ProviderBusy):
        draw("openai", order("openai", "[long]"))


def test_an_answer_that_does_not_come(elsewhere: Providers) -> None:
    patience = type(HASTE)(tries=1, seconds=0.2)

    async def ask() -> None:
        access = Access.to("openai", KEYS["openai"], elsewhere.url("openai"))
        async with Talk(access, patience) as talk:
            await PAINTERS["openai"](talk).draw(order("openai", "[hang]"))

    with pytest.raises(ProviderBusy) as caught:
        asyncio.run(ask())
    assert caught.value.taken


def test_results_are_not_fetched_from_the_operators_network(
    elsewhere: Providers, tmp_path: Path
) -> None:
    async def save(talk: Talk) -> None:
        async with talk:
            await talk.save(f"{elsewhere.elsewhere}/video.mp4", tmp_path / "video")

    asyncio.run(save(talk_to(elsewhere, "openai")))
    access = Access.to("openai", KEYS["openai"], elsewhere.url("openai"))
    with pytest.raises(ProviderBusy) as caught:
        asyncio.run(save(Talk(access, HASTE, Fetcher())))
    assert "not on the public internet" in caught.value.detail
