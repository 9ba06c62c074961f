"""A database that is away for a while, without a server to stop."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from likeness.store.database import Database, DatabaseUnreachable, Transaction


class Away:
    """Takes the next `times` transactions of a database away: as they begin, or where their commit
    is written but not heard of."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self.unheard = 0
        for name in ("read", "write"):
            monkeypatch.setattr(database, name, self._opener(getattr(database, name)))

    def _opener(self, really: Any) -> Any:
        @contextmanager
        def opened(**options: Any) -> Generator[Transaction]:
            if self.times:
                self.times -= 1
                raise DatabaseUnreachable("away")
            transaction: AbstractContextManager[Transaction] = really(**options)
            with transaction as one:
                yield one
            if self.unheard:
                self.unheard -= 1
                raise DatabaseUnreachable("away")

        return opened
