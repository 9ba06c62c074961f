"""The sender, with a real receiver, on both databases."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from tests.support.payloads import FREE, GENERATION, offer
from tests.support.receiver import Receiver, receiver, wait_for
from tests.support.rooms import House
from tests.support.web import WEB_HOST

from likeness.accounts.service import Account, authenticate, create_key
from likeness.actions.generation import finish_generation
from likeness.actions.outcome import Made
from likeness.actions.starting import start_job
from likeness.fetching import Reply
from likeness.jobs import queue
from likeness.settings import Settings
from likeness.webhooks import outbox, service
from likeness.webhooks.signature import signing_secret
from likeness.webhooks.table import messages
from likeness.work.sender import OF_ONE_ACCOUNT, Sender, seconds_asked

ROOT = "https://likeness.example"


@pytest.fixture
def hook() -> Generator[Receiver]:
    """A receiver of the test's own."""
    with receiver() as found:
        yield found


@contextmanager
def sending(house: House, allow: str = f"{WEB_HOST}/32") -> Generator[None]:
    """A sender that works on a house."""
    sender = Sender(Settings.read(**house.settings, fetch_allow=allow), house.folder, ROOT)
    sender.start()
    try:
        yield
    finally:
        sender.stop()


def end_job(house: House, url: str | None, account: Account | None = None) -> str:
    """A job that has succeeded with one picture."""
    with house.folder.database.write() as transaction:
        start_job(transaction, account or house.account, "m", GENERATION, FREE, url)
        claim = queue.claim(transaction, offer("w", ["generation"]), 30)
        assert claim is not None
        finish_generation(transaction, claim, [Made(0, f"models/m/{claim.job_id}.jpg", {"a": 1})])
    return claim.job_id


def statuses(house: House) -> list[str]:
    with house.folder.database.read() as transaction:
        return list(transaction.execute(select(messages.c.status)).scalars())


def test_the_end_of_a_job_arrives_signed(house: House, hook: Receiver) -> None:
    with house.folder.database.write() as transaction:
        webhook_id = service.add_webhook(transaction, house.account, f"{hook.root}/account")
    with sending(house):
        job_id = end_job(house, f"{hook.root}/request?of=me")
        (by_account,) = hook.wait("/account")
        (by_request,) = hook.wait("/request?of=me")
        wait_for(lambda: statuses(house) == ["delivered"] * 2, "both are delivered")

    secret = house.folder.signing_secret(Settings.read(**house.settings))
    assert by_account.is_signed_with(signing_secret(secret, webhook_id))
    assert by_request.is_signed_with(signing_secret(secret, house.account.id))
    assert by_account.headers["webhook-id"] != by_request.headers["webhook-id"]
    assert abs(int(by_account.headers["webhook-timestamp"]) - by_account.at) < 30
    assert by_account.headers["content-type"] == "application/json"
    assert by_account.body == by_request.body
    said = by_account.said
    assert set(said) == {"type", "timestamp", "data"}
    assert (said["type"], said["data"]["jobId"]) == ("job.success", job_id)
    assert said["data"]["status"] == "success"
    (image,) = said["data"]["images"]
    assert image["url"].startswith(f"{ROOT}/files/{image['id']}.jpg?sig=")


def test_a_receiver_that_comes_back_gets_the_same_message(house: House, hook: Receiver) -> None:
    hook.answers["/hook"] = [500, 302, 200]
    hook.headers["Location"] = f"{hook.root}/elsewhere"
    with sending(house):
        end_job(house, f"{hook.root}/hook")
        for count in (1, 2):
            hook.wait("/hook", count)
            wait_for(lambda count=count: attempts(house) == count, "it is written down")
            with house.folder.database.write() as transaction:
                transaction.execute(update(messages).values(due_at=0.0))
        wait_for(lambda: statuses(house) == ["delivered"], "it is delivered")

    arrived = hook.at("/hook")
    assert len(arrived) == 3
    assert len({arrival.headers["webhook-id"] for arrival in arrived}) == 1
    assert hook.at("/elsewhere") == [], "redirects are not followed"


def attempts(house: House) -> int:
    """How many attempts have come to something."""
    with house.folder.database.read() as transaction:
        (row,) = service.log_of(transaction, house.account)
        return len(service.attempts_of(transaction, row["id"]))


def test_private_addresses_are_refused(house: House, hook: Receiver) -> None:
    with sending(house, allow=""):
        end_job(house, f"{hook.root}/hook")
        wait_for(lambda: attempts(house) == 1, "it is written down")

    with house.folder.database.read() as transaction:
        (row,) = service.log_of(transaction, house.account)
    assert row["error"] == "its host is not on the public internet"
    assert (row["status"], hook.arrivals) == ("waiting", [])


@pytest.mark.parametrize("url", ["http://nowhere.invalid/", "http://[/", f"http://{WEB_HOST}:1/"])
def test_addresses_that_lead_nowhere_are_written_down(house: House, url: str) -> None:
    with sending(house):
        end_job(house, url)
        wait_for(lambda: attempts(house) == 1, "it is written down")
    assert statuses(house) == ["waiting"]


def test_slow_receivers_of_one_account_hold_up_no_other(house: House, hook: Receiver) -> None:
    with house.folder.database.write(alone=True) as transaction:
        other = authenticate(transaction, create_key(transaction, "other", "other"))
        assert other is not None
    with sending(house):
        for _ in range(2 * OF_ONE_ACCOUNT):
            end_job(house, f"{hook.root}/silent")
        hook.wait("/silent", OF_ONE_ACCOUNT)
        end_job(house, f"{hook.root}/quick", other)
        hook.wait("/quick")
        assert len(hook.at("/silent")) == OF_ONE_ACCOUNT
        hook.free.set()
        hook.wait("/silent", 2 * OF_ONE_ACCOUNT)


PROGRAM = """
import sys, threading
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.sender import Sender
settings = Settings.read()
Sender(settings, DataFolder.of(settings), sys.argv[1]).start()
threading.Event().wait()
"""


def test_news_outlives_a_sender_that_is_killed(house: House, hook: Receiver) -> None:
    job_id = end_job(house, f"{hook.root}/silent")
    settings = Settings.read(**house.settings, fetch_allow=f"{WEB_HOST}/32")
    environment = {**os.environ, **settings.environment()}
    doomed = subprocess.Popen([sys.executable, "-c", PROGRAM, ROOT], env=environment)
    hook.wait("/silent")
    doomed.kill()  # it was waiting for the answer
    doomed.wait()
    hook.free.set()
    with house.folder.database.write() as transaction:
        assert not outbox.has_due(transaction), "it is put off as long as an attempt may take"
        transaction.execute(update(messages).values(due_at=0.0))
    with sending(house):
        first, second = hook.wait("/silent", 2)
        wait_for(lambda: statuses(house) == ["delivered"], "it is delivered")

    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert second.said["data"]["jobId"] == job_id


def test_a_job_whose_pictures_are_gone_is_told_without_them(house: House, hook: Receiver) -> None:
    from likeness.images.service import remove_images_of_model

    end_job(house, f"{hook.root}/hook")
    with house.folder.database.write() as transaction:
        remove_images_of_model(transaction, "m")
    with sending(house):
        (arrival,) = hook.wait("/hook")
    assert "images" not in arrival.said["data"]


NOW = 1_790_000_000.0


@given(st.integers(0, 10**9))
def test_seconds_that_a_receiver_asks_for(seconds: int) -> None:
    assert seconds_asked(Reply(429, {"retry-after": f" {seconds}"}), NOW) == seconds


def test_a_date_that_a_receiver_asks_for() -> None:
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(NOW + 90))
    assert seconds_asked(Reply(503, {"retry-after": date}), NOW) == 90.0
    assert seconds_asked(Reply(503, {"retry-after": date}), NOW + 1000) == 0.0


@given(st.text())
def test_nonsense_asks_for_nothing_bad(text: str) -> None:
    assert seconds_asked(Reply(503, {"retry-after": text}), NOW) >= 0.0
    assert seconds_asked(Reply(503, {}), NOW) == 0.0
