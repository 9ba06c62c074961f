"""What the life of a job asks of the database, without HTTP and without pictures."""

import os
import random
from dataclasses import dataclass

from tests.support.payloads import BASE, GENERATION, offer

from likeness.accounts.service import Account, create_key, list_accounts
from likeness.actions.claiming import claim_next
from likeness.actions.generation import finish_generation
from likeness.actions.outcome import Made
from likeness.jobs import queue
from likeness.jobs.payloads import Kind
from likeness.store.database import Database
from likeness.store.ids import new_id

MODELS = [new_id() for _ in range(1000)]
OWNER = f"benchmark-{os.getpid()}"
KINDS: tuple[Kind, ...] = ("generation",)
LEASE, ATTEMPTS = 3600.0, 3
STEPS = 30
"""As many as a picture of a large base takes."""


def open_accounts(database: Database, count: int) -> list[Account]:
    """So many accounts, made where they are missing."""
    with database.write(alone=True) as transaction:
        found = list_accounts(transaction)
        for number in range(len(found), count):
            create_key(transaction, "k", f"account {number}")
        return list(list_accounts(transaction).values())[:count]


@dataclass(frozen=True)
class Lives:
    """Every deed is a transaction of its own, and the claim is a read before it, as it is where a
    worker claims."""

    database: Database
    accounts: list[Account]

    def enqueue(self, account: Account | None = None) -> str:
        """A job of this account, or of any."""
        account = account or random.choice(self.accounts)
        with self.database.write() as transaction:
            return queue.enqueue(transaction, account.id, random.choice(MODELS), GENERATION, BASE)

    def claim(self) -> queue.Claim | None:
        """The next job; without one it is the look of a worker that finds nothing."""
        return claim_next(self.database, offer(OWNER, KINDS), LEASE, ATTEMPTS)

    def report(self, claim: queue.Claim, step: int) -> None:
        """Progress that is written."""
        with self.database.write() as transaction:
            queue.report(transaction, claim.token, "sampling", step, STEPS)

    def check(self, claim: queue.Claim) -> None:
        """A step in between, which only looks whether the claim still holds."""
        with self.database.read() as transaction:
            queue.fence(transaction, claim.token)

    def beat(self, claim: queue.Claim) -> None:
        """A heartbeat."""
        with self.database.write() as transaction:
            queue.beat(transaction, [claim.token], LEASE)

    def finish(self, claim: queue.Claim) -> None:
        """One picture, and the end."""
        made = Made(0, f"models/{claim.model_id}/{claim.token}.jpg", {"prompt": "p", "width": 1024})
        with self.database.write() as transaction:
            finish_generation(transaction, claim, [made])

    def live(self, reports: int) -> None:
        """One job more, and one that waited through all its life."""
        self.enqueue()
        claim = self.claim()
        if claim is None:  # others hold what waits, at this moment
            return
        for step in range(reports):
            self.report(claim, step)
        self.finish(claim)
