"""The ledger: whatever happens in whatever order, it adds up, and no balance is below nothing."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    consumes,
    invariant,
    rule,
)
from sqlalchemy import select
from tests.support.ledger import assert_it_adds_up
from tests.support.machines import WorkersMachine, try_lives
from tests.support.payloads import GENERATION, at_prices, offer
from tests.support.rooms import House
from tests.support.stores import STORES

from likeness.accounts.service import Account, authenticate, create_key
from likeness.actions.cancellation import cancel_job
from likeness.actions.deletion import delete_model
from likeness.actions.ending import release, succeed
from likeness.actions.starting import start_job
from likeness.credits import service as credits
from likeness.credits.prices import Prices
from likeness.credits.service import Balance, InsufficientCredits
from likeness.jobs import queue
from likeness.jobs.table import jobs

ATTEMPTS = 2
KINDS = ("generation",)


class Shop(WorkersMachine):
    """Two accounts buy, workers do, die and freeze, jobs are cancelled, models deleted."""

    claims = WorkersMachine.claims
    attempts = ATTEMPTS

    def __init__(self, stores: str) -> None:
        super().__init__(stores)
        self.accounts: list[Account] = [self.house.account]
        self.models: list[str] = []
        with self.database.write(alone=True) as transaction:
            other = authenticate(transaction, create_key(transaction, "other", "other"))
            assert other is not None
            self.accounts.append(other)
            for account in self.accounts:
                house = House(self.house.folder, account, {})
                self.models.append(house.model(transaction))

    @rule(who=st.integers(0, 1), amount=st.integers(-30, 60))
    def grant(self, who: int, amount: int) -> None:
        with self.database.write(alone=True) as transaction:
            account = self.accounts[who]
            before = credits.balance_of(transaction, account)
            try:
                after = credits.grant(transaction, account, amount, "")
            except credits.BadGrant:
                assert before.available + amount < 0
            else:
                assert after == Balance(before.available + amount, before.reserved)

    @rule(who=st.integers(0, 1), price=st.integers(0, 40))
    def buy(self, who: int, price: int) -> None:
        account, terms = self.accounts[who], at_prices(Prices(generation=price))
        with self.database.read() as transaction:
            before = credits.balance_of(transaction, account)
        try:
            with self.database.write() as transaction:
                start_job(transaction, account, self.models[who], GENERATION, terms)
        except InsufficientCredits as refusal:
            assert price > before.available
            assert f"costs {price}, and {before.available} are left" in refusal.message
        else:
            assert price <= before.available

    @rule(target=claims, owner=st.sampled_from(["w1", "w2"]))
    def claim(self, owner: str) -> queue.Claim | None:
        with self.database.write() as transaction:
            return queue.claim(transaction, offer(owner, KINDS), 30)

    @rule(claim=consumes(claims))
    def finish(self, claim: queue.Claim | None) -> None:
        if claim is None:
            return
        with self.database.write() as transaction:
            try:
                succeed(transaction, queue.fence(transaction, claim.token))
            except queue.ClaimLost:
                return

    @rule(which=st.integers(0, 5))
    def cancel(self, which: int) -> None:
        with self.database.write(alone=True) as transaction:
            open_ones = jobs.c.status.in_(["queued", "running"])
            rows = transaction.all(select(jobs).where(open_ones).order_by(jobs.c.id))
            if rows:
                row = rows[which % len(rows)]
                cancel_job(transaction, Account(row["account_id"]), row["id"])

    @rule(who=st.integers(0, 1))
    def delete(self, who: int) -> None:
        account = self.accounts[who]
        with self.database.write(alone=True) as transaction:
            delete_model(transaction, account, self.models[who])
            self.models[who] = House(self.house.folder, account, {}).model(transaction)

    @invariant()
    def it_adds_up(self) -> None:
        with self.database.read() as transaction:
            for account in self.accounts:
                assert_it_adds_up(transaction, account)


@pytest.mark.parametrize("stores", STORES)
def test_random_trade(stores: str) -> None:
    try_lives(Shop, stores, steps=25)


def test_what_is_free_is_not_written_down(house: House) -> None:
    with house.folder.database.write() as transaction:
        start_job(transaction, house.account, "m", GENERATION, at_prices(Prices()))
        claim = queue.claim(transaction, offer("w", KINDS), 30)
        assert claim is not None
        succeed(transaction, queue.fence(transaction, claim.token))
        assert credits.entries_of(transaction, house.account) == []
        assert credits.balance_of(transaction, house.account) == Balance(0, 0)


def test_a_refused_job_is_not_there(house: House) -> None:
    with (
        pytest.raises(InsufficientCredits, match="costs 5, and 0 are left"),
        house.folder.database.write() as transaction,
    ):
        start_job(transaction, house.account, "m", GENERATION, at_prices(Prices(generation=5)))
    with house.folder.database.read() as transaction:
        assert transaction.all(select(jobs)) == []


def test_a_job_that_is_tried_again_costs_once(house: House) -> None:
    database = house.folder.database
    with database.write(alone=True) as transaction:
        credits.grant(transaction, house.account, 10, "a gift")
        start_job(transaction, house.account, "m", GENERATION, at_prices(Prices(generation=4)))
        for _ in range(5):
            assert queue.claim(transaction, offer("dead", KINDS), 30)
            release(transaction, "dead", attempts=9)
        claim = queue.claim(transaction, offer("w", KINDS), 30)
        assert claim is not None
        succeed(transaction, queue.fence(transaction, claim.token))
        assert assert_it_adds_up(transaction, house.account) == Balance(6, 0)
        kinds = [entry["kind"] for entry in credits.entries_of(transaction, house.account)]
        assert kinds == ["grant", "reserve", "settle"]


def test_no_more_can_be_granted_than_a_row_holds(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        credits.grant(transaction, house.account, credits.MOST, "")
        with pytest.raises(credits.BadGrant, match="2,000,000,000 are left"):
            credits.grant(transaction, house.account, 1, "")
        assert assert_it_adds_up(transaction, house.account) == Balance(credits.MOST, 0)
