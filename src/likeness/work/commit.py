"""Writing what an attempt has come to, which is worth waiting for a database that is away."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from likeness.store.database import Database, DatabaseUnreachable, Transaction

PATIENCE = 180.0
"""Seconds for which the database may be away. The claim may end meanwhile; the fence tells."""

PAUSE = 1.0
"""Seconds between two tries."""

log = logging.getLogger(__name__)

Result = TypeVar("Result")


def commit(
    database: Database, write: Callable[[Transaction], Result], *, alone: bool = False
) -> Result:
    """Write in a transaction, again if the database cannot be reached. `write` is fenced.

    Where only the answer to a commit was lost, it is written twice: a `write` that ends the job
    raises `ClaimLost` the second time. Raises `DatabaseUnreachable`, and what `write` raises.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with database.write(alone=alone) as transaction:
                return write(transaction)
        except DatabaseUnreachable as error:
            if time.monotonic() > end:
                raise
            log.warning("the outcome of a job waits: %s", error)
            time.sleep(PAUSE)
