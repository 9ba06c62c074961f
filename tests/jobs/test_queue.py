"""The queue: whatever happens in whatever order, each job ends once."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    consumes,
    invariant,
    rule,
)
from sqlalchemy import select, update
from tests.support.machines import WorkersMachine, try_lives
from tests.support.payloads import BASE, GENERATION, TRAINING, offer
from tests.support.rooms import House
from tests.support.stores import STORES

from likeness.accounts.service import (
    DEFAULT_ACCOUNT,
    Account,
    Share,
    authenticate,
    create_key,
    set_share,
)
from likeness.actions.ending import fail, release, retry_or_fail
from likeness.jobs import queue
from likeness.jobs.at_hand import LASTING, forget_model
from likeness.jobs.payloads import GenerationPayload, PictureOrderPayload
from likeness.jobs.table import at_hand, jobs
from likeness.store.database import Transaction

ATTEMPTS = 3
BOTH = ("generation", "training")


def add(house: House, transaction: Transaction) -> str:
    return queue.enqueue(transaction, house.account.id, "model", GENERATION, BASE)


def test_first_by_priority_then_by_age(house: House) -> None:
    with house.folder.database.write() as transaction:
        first, second = add(house, transaction), add(house, transaction)
        set_share(transaction, Share(DEFAULT_ACCOUNT, 5, 1.0))
        urgent = add(house, transaction)
        order = [queue.claim(transaction, offer("w", BOTH), 30) for _ in range(4)]
    assert [claim and claim.job_id for claim in order] == [urgent, first, second, None]


def test_a_model_at_hand_comes_first_among_jobs_that_have_not_waited_long(house: House) -> None:
    def enqueue(model: str) -> str:
        return queue.enqueue(transaction, house.account.id, model, GENERATION, BASE)

    def claim(*at_hand: str) -> str | None:
        claimed = queue.claim(transaction, offer("w", BOTH, at_hand), 30)
        return claimed and claimed.job_id

    with house.folder.database.write() as transaction:
        first, second, third, fourth = (enqueue(model) for model in ("a", "b", "c", "b"))
        assert claim("b") == second
        assert claim("x") == first
        # The others have waited for long, the first of them longest.
        late = transaction.now - queue.LONG - 1
        transaction.execute(update(jobs).where(jobs.c.id == third).values(created_at=late))
        assert claim("b") == third
        assert claim("b") == fourth
        far = [enqueue("a") for _ in range(queue.FIRST)]
        enqueue("b")
        assert claim("b") == far[0], "too far behind"


def test_whose_turn_it_is_does_not_depend_on_what_is_at_hand(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        other = authenticate(transaction, create_key(transaction, "k", "other"))
        assert other is not None
        mine = [
            queue.enqueue(transaction, house.account.id, "a", GENERATION, BASE) for _ in range(2)
        ]
        theirs = queue.enqueue(transaction, other.id, "b", GENERATION, BASE)
        order = [queue.claim(transaction, offer("w", BOTH, ["a"]), 30) for _ in range(3)]
    assert [claim and claim.job_id for claim in order][:2] in (
        [mine[0], theirs],
        [theirs, mine[0]],
    )


def test_a_worker_takes_only_the_kinds_that_it_asked_for(house: House) -> None:
    with house.folder.database.write() as transaction:
        add(house, transaction)
        assert not queue.has_work(transaction, offer("w", ["training"]))
        assert queue.claim(transaction, offer("w", ["training"]), 30) is None
        queue.enqueue(transaction, house.account.id, "model", TRAINING, BASE)
        claim = queue.claim(transaction, offer("w", ["training"]), 30)
        assert claim is not None
        assert claim.payload == TRAINING


def test_a_worker_takes_only_the_jobs_of_its_base_and_those_that_need_none(house: House) -> None:
    order = PictureOrderPayload(provider="p", model="m", prompt="p", ratio=1, area=1, num_images=1)
    kinds = ("generation", "training", "picture_order")
    with house.folder.database.write() as transaction:
        for payload in (GENERATION, TRAINING, order):
            queue.enqueue(transaction, house.account.id, "model", payload, "large")
        for base, wanted in (("small", {"picture_order"}), ("large", {"generation", "training"})):
            can = queue.Offer("w", kinds, base)
            found = [queue.claim(transaction, can, 30) for _ in range(3)]
            assert {one.payload.kind for one in found if one} == wanted
            assert not queue.has_work(transaction, can)


def test_a_model_that_another_worker_has_at_hand_is_left_to_it(house: House) -> None:
    def enqueue(*models: str) -> list[str]:
        return [
            queue.enqueue(transaction, house.account.id, model, GENERATION, BASE)
            for model in models
        ]

    def claim(owner: str, *models: str) -> str:
        claimed = queue.claim(transaction, offer(owner, BOTH, models), 30)
        assert claimed is not None
        return claimed.job_id

    with house.folder.database.write() as transaction:
        known, *others = enqueue("a", "a", "b", "c")
        assert claim("one") == known
        assert claim("two") == others[1], "not the first, which waits for the one that knows it"
        assert claim("one", "a") == others[0]
        assert claim("three") == others[2]
        (last,) = enqueue("a")
        assert claim("three") == last, "rather than nothing"
        known, _ = enqueue("a", "d")
        late = transaction.now - LASTING - 1
        transaction.execute(update(at_hand).values(until=late))
        assert claim("four") == known, "what was told long ago is believed no more"
        assert told_of(transaction) == {"a", "b", "c"}
        forget_model(transaction, "b")
        assert told_of(transaction) == {"a", "c"}


def test_a_job_more_is_taken_if_it_fits_and_it_is_its_turn(house: House) -> None:
    def enqueue(account: Account, *steps: int) -> list[str]:
        payloads = [GENERATION.model_copy(update={"steps": one}) for one in steps]
        return [queue.enqueue(transaction, account.id, "m", payload, BASE) for payload in payloads]

    def claim_alike(steps: int, waited: float = 0.0) -> str | None:
        claimed = queue.claim_alike(
            transaction,
            offer("w", BOTH),
            30,
            waited,
            lambda payload: isinstance(payload, GenerationPayload) and payload.steps == steps,
        )
        return claimed and claimed.job_id

    with house.folder.database.write(alone=True) as transaction:
        other = authenticate(transaction, create_key(transaction, "k", "other"))
        assert other is not None
        _, second, third = enqueue(house.account, 8, 9, 8)
        (theirs,) = enqueue(other, 7)
        assert queue.claim(transaction, offer("w", BOTH), 30)
        assert claim_alike(8) is None, "it is another's turn"
        assert claim_alike(7, waited=5) is None, "a worker may be free for it"
        assert claim_alike(7) == theirs
        assert claim_alike(8) == third
        assert claim_alike(8) is None
        late = transaction.now - queue.LONG - 1
        transaction.execute(update(jobs).where(jobs.c.id == second).values(created_at=late))
        (last,) = enqueue(house.account, 8)
        assert claim_alike(8) is None, "the other one has waited for long"
        assert claim_alike(9) == second
        again = queue.claim(transaction, offer("w", BOTH), 30)
        assert again and again.job_id == last
        queue.hand_back(transaction, queue.fence(transaction, again.token), count_attempt=True)
        assert claim_alike(8) is None, "it has failed once"


def told_of(transaction: Transaction) -> set[str]:
    return {row["model_id"] for row in transaction.all(select(at_hand.c.model_id))}


def test_a_lost_claim_can_write_nothing(house: House) -> None:
    with house.folder.database.write() as transaction:
        add(house, transaction)
        old = queue.claim(transaction, offer("w1", BOTH), 30)
        assert old is not None
        queue.hand_back(transaction, queue.fence(transaction, old.token), count_attempt=True)
        new = queue.claim(transaction, offer("w2", BOTH), 30)
        assert new is not None
        for write in (
            lambda: queue.report(transaction, old.token, "sampling", 1, 2),
            lambda: queue.save_checkpoint(transaction, old.token, "key", 1),
            lambda: queue.fence(transaction, old.token),
        ):
            with pytest.raises(queue.ClaimLost):
                write()
        assert queue.fence(transaction, new.token)["stage"] == "starting"


def test_beats_keep_a_claim_and_tell_which_were_lost(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        add(house, transaction)
        claim = queue.claim(transaction, offer("w", BOTH), lease=0.0)
        assert claim is not None
        assert list(queue.beat(transaction, [claim.token], 60)) == [claim.token]
        assert queue.expired(transaction) == []
        fail(transaction, queue.fence(transaction, claim.token), "cancelled")
        assert queue.beat(transaction, [claim.token], 60) == {}


def test_a_claim_whose_maker_does_not_know_of_it_ends_by_itself(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        add(house, transaction)
        unheard = queue.claim(transaction, offer("w", BOTH), lease=-1.0)
        assert unheard is not None
        assert queue.beat(transaction, [], 60) == {}
        assert [job["token"] for job in queue.expired(transaction)] == [unheard.token]


def test_an_attempt_that_saved_a_checkpoint_does_not_count(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        queue.enqueue(transaction, house.account.id, "model", TRAINING, BASE)
        for round_ in range(2 * ATTEMPTS):
            claim = queue.claim(transaction, offer("w", BOTH), 30)
            assert claim is not None, "still in the queue"
            assert claim.checkpoint_key == (f"key{round_ - 1}" if round_ else None)
            queue.save_checkpoint(transaction, claim.token, f"key{round_}", round_)
            retry_or_fail(transaction, queue.fence(transaction, claim.token), "died", ATTEMPTS)


def test_a_dead_owner_stands_for_all_below_it(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        for _ in range(3):
            add(house, transaction)
        for owner in ("embedded/1", "embedded/2", "other/1"):
            assert queue.claim(transaction, offer(owner, BOTH), 30)
        release(transaction, "embedded/", ATTEMPTS)
        owners = [row["owner"] for row in transaction.all(select(jobs.c.owner))]
        assert sorted(owner or "" for owner in owners) == ["", "", "other/1"]


class Life(WorkersMachine):
    """Workers claim, finish, die and freeze; the clock runs leases out."""

    claims = WorkersMachine.claims
    attempts = ATTEMPTS

    def __init__(self, stores: str) -> None:
        super().__init__(stores)
        self.ended: dict[str, str] = {}
        self.added: set[str] = set()

    @rule()
    def enqueue(self) -> None:
        with self.database.write() as transaction:
            self.added.add(add(self.house, transaction))

    @rule(target=claims, owner=st.sampled_from(["w1", "w2"]))
    def claim(self, owner: str) -> queue.Claim | None:
        with self.database.write() as transaction:
            return queue.claim(transaction, offer(owner, BOTH), 30)

    @rule(claim=consumes(claims))
    def finish(self, claim: queue.Claim | None) -> None:
        if claim is None:
            return
        with self.database.write() as transaction:
            try:
                job = queue.fence(transaction, claim.token)
            except queue.ClaimLost:
                return
            assert claim.job_id not in self.ended, "a job ends once"
            queue.end(transaction, job, None)
            self.ended[claim.job_id] = "success"

    @invariant()
    def nothing_is_lost_and_no_end_changes(self) -> None:
        with self.database.read() as transaction:
            rows = {row["id"]: row for row in transaction.all(select(jobs))}
        assert set(rows) == self.added
        for job_id, row in rows.items():
            if row["status"] == "failed":
                assert row["attempt"] == ATTEMPTS
                assert row["error"]
                self.ended[job_id] = "failed"
            if job_id in self.ended:
                assert row["status"] == self.ended[job_id]
            assert (row["token"] is not None) == (row["status"] == "running")
            assert row["attempt"] <= ATTEMPTS


@pytest.mark.parametrize("stores", STORES)
def test_random_lives(stores: str) -> None:
    try_lives(Life, stores, steps=20)
