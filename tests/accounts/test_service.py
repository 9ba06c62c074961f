"""API keys."""

from pathlib import Path

import pytest
from sqlalchemy import select

from likeness.accounts.service import (
    UnknownKey,
    authenticate,
    create_key,
    has_keys,
    list_keys,
    revoke_key,
)
from likeness.accounts.table import api_keys
from likeness.store.folder import DataFolder


def test_the_life_of_a_key(tmp_path: Path) -> None:
    with DataFolder(tmp_path).database.write() as transaction:
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


def test_only_a_hash_is_stored(tmp_path: Path) -> None:
    with DataFolder(tmp_path).database.write() as transaction:
        key = create_key(transaction, "laptop")
        row = transaction.one(select(api_keys))
    assert key not in str(row)
    assert key.removeprefix("lk_") not in str(row)


@pytest.mark.parametrize("key", ["", "lk_", "lk_unknown", "\udcff", "x" * 5000])
def test_other_keys_are_nobodys(tmp_path: Path, key: str) -> None:
    with DataFolder(tmp_path).database.write() as transaction:
        assert authenticate(transaction, key) is None
