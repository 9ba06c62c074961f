"""Rules of accounts and API keys."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from likeness.accounts.table import accounts, api_keys
from likeness.errors import sentence
from likeness.store.database import Database, Transaction
from likeness.store.ids import new_id

DEFAULT_ACCOUNT = "default"

_KEY_IN_USE = select(api_keys.c.account_id).where(
    api_keys.c.hash == bindparam("hash"), api_keys.c.revoked_at.is_(None)
)


class UnknownAccount(Exception):
    """No account has this name. `likeness accounts list` shows all, and `likeness keys create KEY
    --account NAME` makes one."""


class UnknownKey(Exception):
    """No key in use has this id. `likeness keys list` shows the ids of all keys."""


@dataclass(frozen=True)
class Account:
    """Who is asking: every read of an owned row starts from this."""

    id: str


@dataclass(frozen=True)
class Share:
    """What an account gets of the workers: those of the highest priority come first, and share in
    proportion to their weights."""

    name: str
    priority: int
    weight: float


@dataclass(frozen=True)
class ApiKey:
    """What may be shown of an API key; the key itself is never stored."""

    id: str
    name: str
    account: str
    created_at: float
    revoked_at: float | None


def hash_key(key: str) -> str:
    """The stored form of a key. A key has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def authenticate(transaction: Transaction, key: str) -> Account | None:
    """The account that a key speaks for, or None when it is unknown or revoked."""
    account_id = transaction.scalar(_KEY_IN_USE, hash=hash_key(key))
    return Account(account_id) if account_id else None


class Keyring:
    """Knows keys without holding up the event loop that asks it at every request."""

    def __init__(self, database: Database) -> None:
        self._account_of = database.glances(_KEY_IN_USE)

    async def authenticate(self, key: str) -> Account | None:
        """The account that a key speaks for now, or None when it is unknown or revoked."""
        account_id = await self._account_of(hash_key(key))
        return Account(account_id) if account_id else None


def find_account(transaction: Transaction, name: str) -> Account:
    """The account with a name. Raises `UnknownAccount`."""
    account_id = transaction.scalar(select(accounts.c.id).where(accounts.c.name == name))
    if account_id is None:
        raise UnknownAccount(sentence(UnknownAccount))
    return Account(account_id)


def list_accounts(transaction: Transaction) -> dict[str, Account]:
    """All accounts by their names, oldest first."""
    rows = transaction.all(select(accounts.c.name, accounts.c.id).order_by(accounts.c.id))
    return {row["name"]: Account(row["id"]) for row in rows}


def create_key(transaction: Transaction, name: str, account: str = DEFAULT_ACCOUNT) -> str:
    """Make a key for an account, which is made too when it is missing. Returns the key itself.

    The transaction is alone, so that two cannot make the same account.
    """
    account_id = transaction.scalar(select(accounts.c.id).where(accounts.c.name == account))
    if account_id is None:
        account_id = new_id()
        transaction.execute(
            insert(accounts).values(id=account_id, name=account, created_at=transaction.now)
        )
    key = f"lk_{secrets.token_urlsafe(32)}"
    transaction.execute(
        insert(api_keys).values(
            id=new_id(),
            account_id=account_id,
            name=name,
            hash=hash_key(key),
            created_at=transaction.now,
        )
    )
    return key


def list_shares(transaction: Transaction) -> list[Share]:
    """The shares of all accounts, oldest first."""
    query = select(accounts.c.name, accounts.c.priority, accounts.c.weight)
    return [Share(**row) for row in transaction.all(query.order_by(accounts.c.id))]


def set_share(transaction: Transaction, share: Share) -> None:
    """Change an account's share: the weight at once, the priority of jobs from now on.

    The weight is above 0. Raises `UnknownAccount`.
    """
    result = transaction.execute(
        update(accounts)
        .where(accounts.c.name == share.name)
        .values(priority=share.priority, weight=share.weight)
    )
    if result.rowcount == 0:
        raise UnknownAccount(sentence(UnknownAccount))


def has_keys(transaction: Transaction) -> bool:
    """Whether any key was ever made here."""
    return transaction.scalar(select(api_keys.c.id).limit(1)) is not None


def list_keys(transaction: Transaction) -> list[ApiKey]:
    """All keys of all accounts, oldest first."""
    rows = transaction.all(
        select(
            api_keys.c.id,
            api_keys.c.name,
            accounts.c.name.label("account"),
            api_keys.c.created_at,
            api_keys.c.revoked_at,
        )
        .join(accounts)
        .order_by(api_keys.c.id)
    )
    return [ApiKey(**row) for row in rows]


def revoke_key(transaction: Transaction, key_id: str) -> None:
    """End a key from now on. Raises `UnknownKey`."""
    result = transaction.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=transaction.now)
    )
    if result.rowcount == 0:
        raise UnknownKey(UnknownKey.__doc__)
