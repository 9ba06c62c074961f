"""Asking again."""

import asyncio

import pytest

from likeness.providers.errors import ProviderBusy, ProviderRefuses
from likeness.providers.patience import Patience, patiently

QUICK = Patience(tries=3, first_pause=0, longest_pause=0)


def asked(errors: list[ProviderBusy] | list[ProviderRefuses], careful: bool) -> tuple[int, object]:
    """How often was asked, and what came of it; each try raises the next error."""
    count = 0

    async def ask() -> str:
        nonlocal count
        count += 1
        if count <= len(errors):
            raise errors[count - 1]
        return "done"

    try:
        outcome: object = asyncio.run(patiently(ask, QUICK, careful=careful))
    except (ProviderBusy, ProviderRefuses) as error:
        outcome = error
    return count, outcome


@pytest.mark.parametrize("careful", [False, True])
def test_until_there_is_an_answer(careful: bool) -> None:
    busy = ProviderBusy("P", taken=False, pause=1000)

    assert asked(2 * [busy], careful) == (3, "done")
    assert asked(3 * [busy], careful) == (3, busy)


def test_what_may_have_been_taken_is_not_asked_for_twice() -> None:
    busy = ProviderBusy("P", taken=True)

    assert asked([busy], careful=False) == (2, "done")
    assert asked([busy], careful=True) == (1, busy)


def test_other_errors_are_final() -> None:
    refused = ProviderRefuses("P")

    assert asked([refused], careful=False) == (1, refused)
