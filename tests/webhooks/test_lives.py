"""The outbox: senders die, freeze and come back in any order, and no message is lost."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    invariant,
    rule,
)
from sqlalchemy import func, select, update
from tests.support.machines import HouseMachine, try_lives
from tests.support.stores import STORES
from tests.webhooks.test_outbox import URL, answered, finish, start

from likeness.webhooks import outbox, service
from likeness.webhooks.outbox import Message
from likeness.webhooks.schedule import DELAYS
from likeness.webhooks.table import deliveries, messages


class Post(HouseMachine):
    """Jobs end, senders claim, deliver, fail and die; the operator sends again."""

    claims = Bundle("claims")

    def __init__(self, stores: str) -> None:
        super().__init__(stores)
        self.newest: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.attempts: dict[str, int] = {}
        self.written = 0

    @rule()
    def end_a_job(self) -> None:
        with self.database.write() as transaction:
            start(self.house, transaction, URL)
            finish(transaction)
            newest = transaction.scalar(select(func.max(messages.c.id)))
        self.state[newest] = "waiting"
        self.attempts[newest] = 0

    @rule(target=claims)
    def claim(self) -> Message | None:
        with self.database.write() as transaction:
            message = outbox.claim(transaction, 60)
        if message is not None:
            assert self.state[message.id] == "waiting"
            self.attempts[message.id] += 1
            assert message.attempt == self.attempts[message.id]
            self.newest[message.id] = message.token
        return message

    @rule(message=consumes(claims), status=st.sampled_from([204, 500, 410]))
    def come_to_something(self, message: Message | None, status: int) -> None:
        if message is None:
            return
        with self.database.write(alone=True) as transaction:
            counted = outbox.record(transaction, message, answered(status))
        assert counted == (self.newest.get(message.id) == message.token)
        if counted:
            del self.newest[message.id]
            self.written += 1
            given_up = status == 410 or message.attempt > len(DELAYS)
            if status == 204:
                self.state[message.id] = "delivered"
            elif given_up:
                self.state[message.id] = "failed"

    @rule()
    def let_time_pass(self) -> None:
        with self.database.write() as transaction:
            transaction.execute(update(messages).values(due_at=0.0))

    @rule(which=st.integers(0, 9))
    def send_again(self, which: int) -> None:
        if self.state:
            message_id = sorted(self.state)[which % len(self.state)]
            with self.database.write() as transaction:
                service.send_again(transaction, message_id)
            self.newest.pop(message_id, None)
            self.state[message_id] = "waiting"
            self.attempts[message_id] = 0

    @invariant()
    def nothing_is_lost_and_all_is_written_down(self) -> None:
        with self.database.read() as transaction:
            rows = transaction.all(select(messages))
            count = transaction.scalar(select(func.count()).select_from(deliveries))
        assert {row["id"]: row["status"] for row in rows} == self.state
        assert {row["id"]: row["token"] for row in rows if row["token"]} == self.newest
        assert count == self.written


@pytest.mark.parametrize("stores", STORES)
def test_random_lives(stores: str) -> None:
    try_lives(Post, stores, steps=25)
