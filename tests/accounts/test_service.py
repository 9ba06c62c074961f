"""API keys."""

import asyncio

import pytest
from sqlalchemy import select

from likeness.accounts.service import (
    Account,
    Keyring,
    Share,
    UnknownAccount,
    UnknownKey,
    authenticate,
    create_key,
    has_keys,
    list_keys,
    list_shares,
    revoke_key,
    set_share,
)
from likeness.accounts.table import api_keys
from likeness.store.database import Database
from likeness.store.migration import bring_up_to_date


@pytest.fixture
def database(database: Database) -> Database:
    """A database with empty tables."""
    bring_up_to_date(database)
    return database


def test_what_an_account_gets(database: Database) -> None:
    with database.write(alone=True) as transaction:
        for name in ("shop", "studio"):
            create_key(transaction, "key", name)
        set_share(transaction, Share("studio", -3, 0.5))
        assert list_shares(transaction) == [Share("shop", 0, 1.0), Share("studio", -3, 0.5)]
        with pytest.raises(UnknownAccount, match="accounts list"):
            set_share(transaction, Share("nobody", 0, 1.0))


def test_the_life_of_a_key(database: Database) -> None:
    with database.write(alone=True) as transaction:
        assert not has_keys(transaction)
        key = create_key(transaction, "laptop")
        account = authenticate(transaction, key)
        assert account is not None
        other = authenticate(transaction, create_key(transaction, "ci"))
        assert other == account, "keys of one account see the same"
        stranger = authenticate(transaction, create_key(transaction, "shop", "shop"))
        assert stranger != account

        listed = list_keys(transaction)
        assert [(item.name, item.account) for item in listed] == [
            ("laptop", "default"),
            ("ci", "default"),
            ("shop", "shop"),
        ]
        revoke_key(transaction, listed[0].id)
        assert authenticate(transaction, key) is None
        with pytest.raises(UnknownKey):
            revoke_key(transaction, listed[0].id)


def test_a_key_that_is_revoked_ends_at_once(database: Database) -> None:
    keyring = Keyring(database)
    with database.write(alone=True) as transaction:
        key = create_key(transaction, "laptop")
        (listed,) = list_keys(transaction)
        account = authenticate(transaction, key)

    async def look() -> list[Account | None]:
        found = [await keyring.authenticate(key), await keyring.authenticate("lk_other")]
        with database.write() as transaction:
            revoke_key(transaction, listed.id)
        return [*found, await keyring.authenticate(key)]

    assert asyncio.run(look()) == [account, None, None]
    assert account is not None


def test_only_a_hash_is_stored(database: Database) -> None:
    with database.write(alone=True) as transaction:
        key = create_key(transaction, "laptop")
        row = transaction.one(select(api_keys))
    assert key not in str(row)
    assert key.removeprefix("lk_") not in str(row)


@pytest.mark.parametrize("key", ["", "lk_", "lk_unknown", "\udcff", "x" * 5000])
def test_other_keys_are_nobodys(database: Database, key: str) -> None:
    with database.write(alone=True) as transaction:
        assert authenticate(transaction, key) is None
