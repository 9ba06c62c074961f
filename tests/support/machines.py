"""State machines over a data folder of their own."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import update
from tests.support.stores import open_house

from likeness.actions.ending import expire, release
from likeness.jobs import queue
from likeness.jobs.table import jobs

EXAMPLES, FEW = 25, 8
"""How many lives are tried, and how many where each begins with making a database."""


class HouseMachine(RuleBasedStateMachine):
    """Begins with a new data folder with one account."""

    def __init__(self, stores: str) -> None:
        super().__init__()
        self._things = ExitStack()
        folder = self._things.enter_context(tempfile.TemporaryDirectory())
        self.house = self._things.enter_context(open_house(stores, Path(folder)))
        self.database = self.house.folder.database

    def teardown(self) -> None:
        self._things.close()


class WorkersMachine(HouseMachine):
    """Workers claim jobs, and die and freeze; `attempts` is how often a job is tried."""

    claims = Bundle("claims")
    attempts: int

    @rule(claim=claims)
    def run_out(self, claim: queue.Claim | None) -> None:
        if claim is None:
            return
        with self.database.write(alone=True) as transaction:
            transaction.execute(
                update(jobs).where(jobs.c.token == claim.token).values(lease_until=0)
            )
            expire(transaction, self.attempts)

    @rule(owner=st.sampled_from(["w1", "w2"]))
    def die(self, owner: str) -> None:
        with self.database.write(alone=True) as transaction:
            release(transaction, owner, self.attempts)


def try_lives(machine: type[HouseMachine], stores: str, steps: int) -> None:
    """Try random lives of a machine, each of so many steps at most."""

    class There(machine):
        def __init__(self) -> None:
            super().__init__(stores)

    examples = EXAMPLES if stores == "one machine" else FEW
    run_state_machine_as_test(
        There, settings=settings(max_examples=examples, stateful_step_count=steps)
    )
