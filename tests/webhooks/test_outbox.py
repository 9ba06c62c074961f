"""The outbox: each message is sent until it is delivered or given up, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select, update
from tests.support.payloads import FREE, GENERATION, TRAINING, offer
from tests.support.rooms import House

from likeness.accounts.service import Account, authenticate, create_key
from likeness.actions.cancellation import cancel_job
from likeness.actions.deletion import delete_model
from likeness.actions.ending import release, succeed
from likeness.actions.starting import start_job
from likeness.jobs import queue
from likeness.jobs.table import jobs
from likeness.store.database import Transaction
from likeness.webhooks import outbox, service
from likeness.webhooks.outbox import Message, Outcome
from likeness.webhooks.schedule import DELAYS
from likeness.webhooks.table import deliveries, messages

URL = "https://receiver.example/hook"
BOTH = ("generation", "training")


def start(house: House, transaction: Transaction, url: str | None = None) -> str:
    return start_job(transaction, house.account, "m", GENERATION, FREE, url)


def finish(transaction: Transaction) -> str:
    claim = queue.claim(transaction, offer("w", BOTH), 30)
    assert claim is not None
    succeed(transaction, queue.fence(transaction, claim.token))
    return claim.job_id


def written(transaction: Transaction) -> list[tuple[str, str, str]]:
    """The job, the type and the address of each message."""
    rows = transaction.all(select(messages).order_by(messages.c.id))
    return [(row["job_id"], row["type"], row["url"]) for row in rows]


def one(house: House) -> Message:
    """A message that was just claimed."""
    with house.folder.database.write() as transaction:
        start(house, transaction, URL)
        finish(transaction)
        message = outbox.claim(transaction, 60)
    assert message is not None
    return message


def make_due(house: House) -> None:
    """Let time pass for all messages."""
    with house.folder.database.write() as transaction:
        transaction.execute(update(messages).values(due_at=0.0))


def record(house: House, message: Message, outcome: Outcome) -> bool:
    with house.folder.database.write(alone=outcome.answer == outbox.GONE) as transaction:
        return outbox.record(transaction, message, outcome)


def answered(status: int, retry_after: float = 0.0) -> Outcome:
    return Outcome(1.0, 0.1, answer=status, retry_after=retry_after)


def state(house: House, message: Message) -> tuple[str, float]:
    """A message's status, and how long after its last change it is due."""
    with house.folder.database.read() as transaction:
        row = transaction.one(select(messages).where(messages.c.id == message.id))
        assert row is not None
        return row["status"], row["due_at"] - row["updated_at"]


def test_an_end_is_told_to_all_who_asked(house: House) -> None:
    with house.folder.database.write() as transaction:
        service.add_webhook(transaction, house.account, "https://one.example/")
        service.add_webhook(transaction, house.account, "https://two.example/")
        start(house, transaction, URL)
        job_id = finish(transaction)
        assert written(transaction) == [
            (job_id, "job.success", "https://one.example/"),
            (job_id, "job.success", "https://two.example/"),
            (job_id, "job.success", URL),
        ]
        assert transaction.scalar(select(jobs.c.webhook_url)) is None, "it is needed no more"


def test_nobody_is_told_who_did_not_ask(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        other = authenticate(transaction, create_key(transaction, "other", "other"))
        assert other is not None
        service.add_webhook(transaction, other, "https://other.example/")
        start(house, transaction)
        finish(transaction)
        assert written(transaction) == []
        assert not outbox.has_due(transaction)


def test_every_way_in_which_a_job_ends_is_told_once(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        model_id = house.model(transaction)
        cancelled, died, deleted = (
            start_job(transaction, house.account, model_id, GENERATION, FREE, URL) for _ in range(3)
        )
        service.add_webhook(transaction, house.account, "https://one.example/")
        cancel_job(transaction, house.account, cancelled)
        for _ in range(2):
            claim = queue.claim(transaction, offer("w", BOTH), 30)
            assert claim is not None
            assert claim.job_id == died
            release(transaction, "w", attempts=2)
        training = start_job(transaction, house.account, model_id, TRAINING, FREE)
        delete_model(transaction, house.account, model_id)

        told = Counter(written(transaction))

    assert set(told.values()) == {1}
    assert Counter((job_id, type) for job_id, type, _ in told) == {
        (cancelled, "job.failed"): 2,
        (died, "job.failed"): 2,
        (deleted, "job.failed"): 2,
        (training, "training.failed"): 1,
    }


def test_what_is_taken_back_is_not_told(house: House) -> None:
    with pytest.raises(RuntimeError), house.folder.database.write() as transaction:
        start(house, transaction, URL)
        finish(transaction)
        raise RuntimeError
    with house.folder.database.read() as transaction:
        assert written(transaction) == []


def test_each_message_is_claimed_once(house: House) -> None:
    database = house.folder.database
    with database.write() as transaction:
        for _ in range(30):
            start(house, transaction, URL)
            finish(transaction)
    ready = Barrier(6, timeout=60)

    def send(_: int) -> list[str]:
        ready.wait()
        claimed: list[str] = []
        misses = 0
        while misses < 3:
            with database.write() as transaction:
                message = outbox.claim(transaction, 60)
            if message is None:
                misses += 1
                continue
            claimed.append(message.id)
            assert record(house, message, answered(204))
        return claimed

    with ThreadPoolExecutor(6) as pool:
        sent = [message for claimed in pool.map(send, range(6)) for message in claimed]

    assert len(sent) == len(set(sent)) == 30
    with database.read() as transaction:
        assert transaction.scalar(select(func.count()).select_from(deliveries)) == 30
        assert not outbox.has_due(transaction)


def test_what_a_dead_sender_had_claimed_is_sent_by_another(house: House) -> None:
    dead = one(house)
    with house.folder.database.write() as transaction:
        assert outbox.claim(transaction, 60) is None, "it is claimed"
    make_due(house)
    with house.folder.database.write() as transaction:
        message = outbox.claim(transaction, 60)
    assert message is not None
    assert (message.id, message.attempt) == (dead.id, 2)
    assert not record(house, dead, answered(204)), "it was not dead, but it is too late"
    assert state(house, message)[0] == "waiting"
    assert record(house, message, answered(200))
    assert state(house, message)[0] == "delivered"


def test_a_failed_attempt_is_followed_by_others_for_days(house: House) -> None:
    message = one(house)
    for attempt, delay in enumerate(DELAYS, start=1):
        assert message.attempt == attempt
        assert record(house, message, Outcome(1.0, 20.0, error="it took longer than 20 s"))
        status, left = state(house, message)
        assert status == "waiting"
        assert delay - 0.01 <= left <= delay * 1.1 + 0.01
        make_due(house)
        with house.folder.database.write() as transaction:
            again = outbox.claim(transaction, 60)
        assert again is not None
        assert again.id == message.id, "a receiver knows it again"
        message = again
    assert record(house, message, answered(500))
    assert state(house, message)[0] == "failed"
    with house.folder.database.read() as transaction:
        log = service.attempts_of(transaction, message.id)
        assert [row["answer"] for row in log] == [None] * len(DELAYS) + [500]
        (shown,) = service.log_of(transaction, house.account, failed=True)
        assert (shown["status"], shown["answer"], shown["attempt"]) == ("failed", 500, 10)


@pytest.mark.parametrize("status", [199, 301, 302, 404, 429, 500, 503])
def test_only_a_success_is_one(house: House, status: int) -> None:
    message = one(house)
    assert record(house, message, answered(status, retry_after=100.0))
    found, left = state(house, message)
    assert found == "waiting"
    assert left == pytest.approx(100.0)


def test_a_receiver_that_is_gone_is_sent_nothing_more(house: House) -> None:
    with house.folder.database.write() as transaction:
        service.add_webhook(transaction, house.account, "https://gone.example/")
        for _ in range(3):
            start(house, transaction)
            finish(transaction)
        first = outbox.claim(transaction, 60)
    assert first is not None
    assert record(house, first, answered(outbox.GONE))
    with house.folder.database.write() as transaction:
        assert service.list_webhooks(transaction, house.account) == []
        start(house, transaction)
        finish(transaction)
        assert {row["status"] for row in service.log_of(transaction, house.account)} == {"failed"}
        assert len(written(transaction)) == 3


def test_a_removed_webhook_is_sent_nothing_more(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        webhook_id = service.add_webhook(transaction, house.account, URL)
        start(house, transaction)
        finish(transaction)
        under_way = outbox.claim(transaction, 60)
        assert under_way is not None
        service.remove_webhook(transaction, webhook_id)
        with pytest.raises(service.UnknownWebhook, match="webhooks list"):
            service.remove_webhook(transaction, webhook_id)
    assert not record(house, under_way, answered(500))
    assert state(house, under_way)[0] == "failed"


@pytest.mark.parametrize("outcome", [answered(204), answered(outbox.GONE), None])
def test_a_message_can_be_sent_again(house: House, outcome: Outcome | None) -> None:
    message = one(house)
    if outcome is not None:
        assert record(house, message, outcome)
    with house.folder.database.write() as transaction:
        service.send_again(transaction, message.id)
        again = outbox.claim(transaction, 60)
        assert again is not None
        assert (again.id, again.attempt) == (message.id, 1)
        with pytest.raises(service.UnknownMessage, match="webhooks log"):
            service.send_again(transaction, "no such thing")


def test_accounts_whose_receivers_are_slow_are_passed_over(house: House) -> None:
    with house.folder.database.write(alone=True) as transaction:
        other = authenticate(transaction, create_key(transaction, "other", "other"))
        assert other is not None
        start(house, transaction, URL)
        start_job(transaction, Account(other.id), "m", GENERATION, FREE, URL)
        finish(transaction)
        finish(transaction)
        message = outbox.claim(transaction, 60, [house.account.id])
        assert message is not None
        assert message.account_id == other.id
        assert outbox.claim(transaction, 60, [house.account.id, other.id]) is None
        assert not outbox.has_due(transaction, [house.account.id, other.id])
        assert outbox.has_due(transaction, [other.id])
