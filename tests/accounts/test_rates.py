"""How fast a key may ask, counted by all who serve one database."""

import asyncio

import pytest
from sqlalchemy import event, update
from tests.support.rooms import House

from likeness.accounts.rates import Allowance, Rates
from likeness.accounts.service import create_key
from likeness.accounts.table import api_keys


@pytest.fixture
def key(house: House) -> str:
    """A key."""
    with house.folder.database.write(alone=True) as transaction:
        return create_key(transaction, "asks")


def ask(rates: Rates, key: str) -> Allowance:
    return asyncio.run(rates.ask(key))


def go_back(house: House, seconds: float) -> None:
    """Let so much time pass."""
    with house.folder.database.write() as transaction:
        spent = api_keys.c.spent_until - seconds
        transaction.execute(update(api_keys).values(spent_until=spent))


def test_a_minute_holds_so_many_and_they_come_back_one_by_one(house: House, key: str) -> None:
    rates = Rates(house.folder.database, 6)
    first = [ask(rates, key) for _ in range(6)]
    assert all(allowance.allowed for allowance in first)
    assert [allowance.left for allowance in first] == [5, 4, 3, 2, 1, 0]
    assert 50 < first[-1].reset <= 60

    refused = ask(rates, key)
    assert not refused.allowed and refused.left == 0
    assert 0 < refused.wait <= 10

    go_back(house, 10)
    assert ask(rates, key).allowed
    assert not ask(rates, key).allowed


def test_nothing_is_saved_up(house: House, key: str) -> None:
    rates = Rates(house.folder.database, 3)
    ask(rates, key)
    go_back(house, 1000)
    assert [ask(rates, key).allowed for _ in range(4)] == [True] * 3 + [False]


def test_keys_are_counted_one_by_one(house: House, key: str) -> None:
    with house.folder.database.write(alone=True) as transaction:
        other = create_key(transaction, "other")
    rates = Rates(house.folder.database, 1)
    assert ask(rates, key).allowed
    assert ask(rates, other).allowed
    assert not ask(rates, key).allowed


def test_servers_count_together(house: House, key: str) -> None:
    servers = [Rates(house.folder.database, 5) for _ in range(4)]

    async def ask_all() -> list[Allowance]:
        return await asyncio.gather(*(servers[turn % 4].ask(key) for turn in range(16)))

    found = asyncio.run(ask_all())
    assert sum(allowance.allowed for allowance in found) == 5


def test_a_refusal_writes_nothing(house: House, key: str) -> None:
    rates = Rates(house.folder.database, 1)
    ask(rates, key)
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(house.folder.database.engine, "before_cursor_execute", note)
    assert not ask(rates, key).allowed
    assert not [statement for statement in statements if statement.startswith("UPDATE")]
