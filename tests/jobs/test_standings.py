"""Accounts take turns: the crowd of one holds nobody else up, and weights are kept."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    invariant,
    rule,
)
from sqlalchemy import func, select
from tests.support.machines import HouseMachine, try_lives
from tests.support.payloads import BASE, GENERATION, TRAINING, offer
from tests.support.rooms import House
from tests.support.stores import STORES

from likeness.accounts.service import Account, Share, authenticate, create_key, set_share
from likeness.actions.ending import fail
from likeness.jobs import queue
from likeness.jobs.payloads import Kind
from likeness.jobs.service import get_job, queue_position
from likeness.jobs.table import jobs, standings
from likeness.store.database import Transaction

PICTURES: tuple[Kind, ...] = ("generation", "upscaling", "video")
WEIGHTS = {"a": 1.0, "b": 1.0, "c": 3.0, "d": 0.5}


def add_account(
    transaction: Transaction, name: str, weight: float = 1.0, priority: int = 0
) -> Account:
    """A new account."""
    account = authenticate(transaction, create_key(transaction, "key", name))
    assert account is not None
    set_share(transaction, Share(name, priority, weight))
    return account


def add(transaction: Transaction, account: Account) -> str:
    return queue.enqueue(transaction, account.id, "m", GENERATION, BASE)


def claim(transaction: Transaction) -> queue.Claim:
    claimed = queue.claim(transaction, offer("w", PICTURES), 30)
    assert claimed is not None
    return claimed


def test_a_thousand_jobs_hold_nobody_up_by_more_than_one(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        crowd, other = (add_account(transaction, name) for name in ("crowd", "other"))
        for _ in range(1000):
            add(transaction, crowd)
        for _ in range(7):
            claim(transaction)
        first = add(transaction, other)
        assert first in [claim(transaction).job_id for _ in range(2)]


def test_weights_are_kept(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        light = add_account(transaction, "light", weight=1)
        heavy = add_account(transaction, "heavy", weight=3)
        for _ in range(40):
            add(transaction, light)
            add(transaction, heavy)
        owners = [claim(transaction).account_id for _ in range(40)]
    assert (owners.count(light.id), owners.count(heavy.id)) == (10, 30)


def test_who_asks_for_one_at_a_time_gets_its_share_too(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        slow = add_account(transaction, "slow", weight=1)
        crowd = add_account(transaction, "crowd", weight=3)
        for _ in range(60):
            add(transaction, crowd)
        owners: list[str] = []
        add(transaction, slow)
        for _ in range(40):
            owners.append(claim(transaction).account_id)
            if owners[-1] == slow.id:
                add(transaction, slow)
    assert abs(owners.count(slow.id) - 10) <= 1


def test_what_was_had_before_is_not_paid_back_after_a_pause(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        old, new = add_account(transaction, "old"), add_account(transaction, "new")
        for _ in range(50):
            add(transaction, old)
            claim(transaction)
        for _ in range(50):
            add(transaction, new)
        add(transaction, old)
        assert old.id in [claim(transaction).account_id for _ in range(2)]


def test_cancelled_jobs_cost_no_turns(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        crowd, other = add_account(transaction, "crowd"), add_account(transaction, "other")
        waiting = [add(transaction, crowd) for _ in range(100)]
        for _ in range(100):
            add(transaction, other)
        for job_id in waiting[:99]:
            fail(transaction, get_job(transaction, crowd, job_id), "cancelled")
        assert waiting[99] in [claim(transaction).job_id for _ in range(2)]


def test_a_job_that_is_tried_again_comes_first_of_its_account_and_turns_the_clock_not_back(
    house: House,
) -> None:
    with house.folder.database.write(alone=True) as transaction:
        busy, other = add_account(transaction, "busy"), add_account(transaction, "other")
        again = add(transaction, busy)
        first = claim(transaction)
        for _ in range(100):
            add(transaction, other)
        for _ in range(50):
            claim(transaction)
        queue.hand_back(transaction, queue.fence(transaction, first.token), count_attempt=True)
        for _ in range(100):
            add(transaction, busy)
        owners = [claim(transaction) for _ in range(20)]
    assert again in [claimed.job_id for claimed in owners[:2]]
    assert abs([claimed.account_id for claimed in owners].count(busy.id) - 10) <= 1


def test_a_higher_priority_comes_first_and_a_new_one_counts_for_new_jobs(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        usual, urgent = add_account(transaction, "usual"), add_account(transaction, "urgent")
        before = add(transaction, urgent)
        late = [add(transaction, usual) for _ in range(3)]
        set_share(transaction, Share("urgent", 5, 1.0))
        soon = [add(transaction, urgent) for _ in range(2)]
        order = [claim(transaction).job_id for _ in range(6)]
    assert order[:2] == soon
    assert before in order[2:4]
    assert [job_id for job_id in order if job_id in late] == late


def test_lanes_do_not_hold_each_other_up(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        account = add_account(transaction, "one")
        training = queue.enqueue(transaction, account.id, "m", TRAINING, BASE)
        picture = add(transaction, account)
        assert claim(transaction).job_id == picture
        assert not queue.has_work(transaction, offer("w", PICTURES))
        claimed = queue.claim(transaction, offer("w", ["training"]), 30)
        assert claimed is not None and claimed.job_id == training


def test_a_worker_of_fewer_kinds_passes_over_those_who_want_others(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        account = add_account(transaction, "one")
        add(transaction, account)
        assert queue.claim(transaction, offer("w", ["video"]), 30) is None
        assert claim(transaction).account_id == account.id


def test_places_are_those_in_which_jobs_are_started(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        crowd, other = add_account(transaction, "crowd"), add_account(transaction, "other")
        urgent = add_account(transaction, "urgent", priority=1)
        owner = {add(transaction, crowd): crowd for _ in range(20)}
        claim(transaction)
        owner.update({add(transaction, other): other for _ in range(4)})
        owner.update({add(transaction, urgent): urgent for _ in range(2)})
        places: dict[str, int] = {}
        for job_id, account in owner.items():
            place = queue_position(transaction, get_job(transaction, account, job_id))
            if place is not None:
                places[job_id] = place
        order = [claim(transaction).job_id for _ in places]
    for place, job_id in enumerate(order, 1):
        assert abs(places[job_id] - place) <= 1, "who is level with another may be told its place"


class Crowd(HouseMachine):
    """Accounts of several weights enqueue, cancel, are served and tried again, in any order.

    Held against two promises. While two accounts both have jobs that wait, what they got, each by
    its weight, differs by one job of each at most. And who had none waiting, and none claimed since
    long, is passed by no other account more than once.
    """

    claims = Bundle("claims")
    waiting_jobs = Bundle("waiting_jobs")

    def __init__(self, stores: str) -> None:
        super().__init__(stores)
        with self.database.write(alone=True) as transaction:
            self.accounts = {
                name: add_account(transaction, name, weight) for name, weight in WEIGHTS.items()
            }
        self.names = {account.id: name for name, account in self.accounts.items()}
        self.got: dict[tuple[str, str], float] = dict.fromkeys(permutations(WEIGHTS, 2), 0.0)
        self.passed: dict[str, dict[str, int]] = {}
        self.served: set[str] = set()

    def counts(self) -> Mapping[str, int]:
        """How many jobs of each account wait."""
        query = (
            select(jobs.c.account_id, func.count().label("number"))
            .where(jobs.c.status == "queued")
            .group_by(jobs.c.account_id)
        )
        with self.database.read() as transaction:
            rows = transaction.all(query)
        return {self.names[row["account_id"]]: row["number"] for row in rows}

    @rule(target=waiting_jobs, name=st.sampled_from(sorted(WEIGHTS)), number=st.integers(1, 8))
    def enqueue(self, name: str, number: int) -> tuple[str, str]:
        if name not in self.counts() and name not in self.served:
            self.passed[name] = dict.fromkeys(WEIGHTS, 0)
        with self.database.write() as transaction:
            added = [add(transaction, self.accounts[name]) for _ in range(number)]
        return name, added[-1]

    @rule(target=claims)
    def claim(self) -> queue.Claim | None:
        before = self.counts()
        with self.database.write() as transaction:
            claimed = queue.claim(transaction, offer("w", PICTURES), 30)
        assert (claimed is not None) == bool(before), "a claim finds what waits"
        if claimed is None:
            return None
        name = self.names[claimed.account_id]
        self.served.add(name)
        self.passed.pop(name, None)
        for fresh in self.passed.values():
            fresh[name] += 1
            assert fresh[name] <= 1, "a first job is passed once by each account"
        for pair in self.got:
            if pair[0] == name:
                self.got[pair] += 1 / WEIGHTS[name]
        return claimed

    @rule(job=consumes(waiting_jobs))
    def cancel(self, job: tuple[str, str]) -> None:
        name, job_id = job
        with self.database.write(alone=True) as transaction:
            row = get_job(transaction, self.accounts[name], job_id)
            if row["status"] == "queued":
                fail(transaction, row, "cancelled")

    @rule(claimed=consumes(claims))
    def try_again(self, claimed: queue.Claim | None) -> None:
        if claimed is not None:
            with self.database.write(alone=True) as transaction:
                if job := queue.find(transaction, claimed.token):
                    queue.hand_back(transaction, job, count_attempt=True)

    @invariant()
    def shares_are_kept(self) -> None:
        waiting = self.counts()
        self.passed = {name: by for name, by in self.passed.items() if name in waiting}
        for one, other in self.got:
            if one not in waiting or other not in waiting:
                self.got[one, other] = 0.0
                continue
            ahead = self.got[one, other] - self.got[other, one]
            assert ahead <= 1 / WEIGHTS[one] + 1 / WEIGHTS[other] + 1e-9

    @invariant()
    def turns_count_what_waits(self) -> None:
        with self.database.read() as transaction:
            rows = transaction.all(select(standings).where(standings.c.waiting != 0))
        assert {self.names[row["account_id"]]: row["waiting"] for row in rows} == self.counts()


@pytest.mark.parametrize("stores", STORES)
def test_random_crowds(stores: str) -> None:
    try_lives(Crowd, stores, steps=30)
