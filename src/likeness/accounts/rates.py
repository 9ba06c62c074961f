"""How fast a key may ask: so many requests a minute, all of them at once if it likes.

The generic cell rate algorithm (ATM Forum, Traffic Management 4.0): one number for each key, until
when its requests so far use up its rate. It lies in the database, so that all servers count
together. Whoever is refused costs one look at it, and writes nothing.
"""

import math
from dataclasses import dataclass
from functools import partial

from anyio import to_thread
from sqlalchemy import bindparam, case, func, literal_column, select, update

from likeness.accounts.service import hash_key
from likeness.accounts.table import api_keys
from likeness.store.database import Database, clock

WINDOW = 60.0
"""Seconds in which a key may send what it may send."""

_KEY = api_keys.c.hash == bindparam("hashed")
_AHEAD = func.coalesce(api_keys.c.spent_until - clock(), literal_column("0.0"))
_LOOK = select(_AHEAD).where(_KEY)


@dataclass(frozen=True)
class Allowance:
    """Whether a request may pass; how many more may follow at once; in how many seconds the next
    one may, and in how many all."""

    allowed: bool
    left: int
    wait: float
    reset: float


class Rates:
    """Counts the requests of keys; `limit` is how many a key may send in a minute."""

    def __init__(self, database: Database, limit: int) -> None:
        self.limit = limit
        self._step = WINDOW / limit
        self._database = database
        self._look = database.glances(_LOOK)
        full = WINDOW - self._step < _AHEAD
        begun = case((_AHEAD > 0, api_keys.c.spent_until), else_=clock())
        self._spend = (
            update(api_keys)
            .where(_KEY, ~full)
            .values(spent_until=begun + self._step)
            .returning(_AHEAD.label("ahead"))
        )

    async def ask(self, key: str) -> Allowance:
        """Whether a request with this key, which is in use, may pass; counts it if so.

        Raises `DatabaseUnreachable`.
        """
        hashed = hash_key(key)
        ahead = await self._look(hashed)
        if ahead <= WINDOW - self._step:
            spent = await to_thread.run_sync(partial(self._count, hashed))
            if spent is not None:
                return self._allowance(spent, allowed=True)
            ahead = await self._look(hashed)
        return self._allowance(ahead, allowed=False)

    def _count(self, hashed: str) -> float | None:
        with self._database.write() as transaction:
            row = transaction.one(self._spend, hashed=hashed)
        return None if row is None else row["ahead"]

    def _allowance(self, ahead: float, *, allowed: bool) -> Allowance:
        ahead = max(0.0, ahead)
        left = math.floor((WINDOW - ahead) / self._step + 1e-6)
        return Allowance(allowed, left, max(0.0, ahead + self._step - WINDOW), ahead)
