"""`likeness webhooks`: adding and removing addresses, seeing what was sent, sending it again."""

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.payloads import FREE, offer
from tests.support.postgres import postgres_database
from tests.support.rooms import House
from tests.support.server import PROGRAM

from likeness.actions.ending import succeed
from likeness.actions.starting import start_job
from likeness.cli.main import cli
from likeness.jobs import queue
from likeness.jobs.payloads import TrainingPayload
from likeness.store.database import Transaction
from likeness.webhooks import outbox
from likeness.webhooks.outbox import Message, Outcome

URL = "https://receiver.example/hook"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A data folder on one machine."""
    return House.build(tmp_path / "data")


def run(house: House, *words: str) -> Result:
    return CliRunner().invoke(
        cli, ["webhooks", words[0], "--data", str(house.folder.path), *words[1:]]
    )


def send(transaction: Transaction, house: House, outcome: Outcome) -> Message:
    """Let a training end, and try to deliver the news of it once."""
    payload = TrainingPayload(trigger="t", description="d")
    start_job(transaction, house.account, "m", payload, FREE)
    claim = queue.claim(transaction, offer("w", ["training"]), 30)
    assert claim is not None
    succeed(transaction, queue.fence(transaction, claim.token))
    message = outbox.claim(transaction, 60)
    assert message is not None
    assert outbox.record(transaction, message, outcome)
    return message


def test_the_life_of_a_webhook(house: House) -> None:
    webhook_id, secret = run(house, "add", URL).output.split()
    assert secret.startswith("whsec_")
    first, last = run(house, "list").output.splitlines()
    assert first.split() == [webhook_id, URL, secret]
    assert last.startswith("webhookUrl of requests  whsec_")
    assert secret not in last

    assert run(house, "remove", webhook_id).exit_code == 0
    assert run(house, "list").output.splitlines() == [last]
    again = run(house, "remove", webhook_id)
    assert again.exit_code == 1
    assert "No webhook in use has this id" in again.output


@pytest.mark.parametrize("url", ["receiver.example", "ftp://receiver.example/", "http://a b/"])
def test_what_is_no_address_is_refused(house: House, url: str) -> None:
    refused = run(house, "add", url)
    assert refused.exit_code == 1
    assert "The URL must begin with http:// or https://" in refused.output
    assert len(run(house, "list").output.splitlines()) == 1


def test_servers_of_one_database_sign_with_one_secret(tmp_path: Path) -> None:
    command = [*PROGRAM, "webhooks", "list", "--data", str(tmp_path)]
    with postgres_database() as url:
        House.build(tmp_path, database_url=url).folder.database.close()
        environment = {**os.environ, "LIKENESS_DATABASE_URL": url}
        secret = {"LIKENESS_SECRET": "one for all"}

        told = subprocess.run(command, env=environment | secret, capture_output=True, text=True)
        refused = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert told.stdout.startswith("webhookUrl of requests  whsec_")
    assert "Set LIKENESS_SECRET to that of the servers" in refused.stderr


def test_the_log_shows_what_was_sent_and_sends_it_again(house: House) -> None:
    run(house, "add", URL)
    with house.folder.database.write(alone=True) as transaction:
        delivered = send(transaction, house, Outcome(1.0, 0.25, answer=204))
        refused = send(transaction, house, Outcome(1.0, 0.25, error="it cannot be reached"))
        gone = send(transaction, house, Outcome(1.0, 0.25, answer=410))

    newest, second, oldest = run(house, "log").output.splitlines()
    for line, message, state, came_to in (
        (newest, gone, "failed", "410"),
        (second, refused, "failed", "it cannot be reached"),  # with its webhook
        (oldest, delivered, "delivered", "204"),
    ):
        assert line.startswith(message.id)
        assert f"training.success  {message.job_id}  {state}  1  {URL}  {came_to}" in line
    assert run(house, "log", "--failed").output.splitlines() == [newest, second]
    assert run(house, "attempts", gone.id).output.endswith("  0.25  410\n")

    assert run(house, "resend", gone.id).exit_code == 0
    with house.folder.database.write() as transaction:
        again = outbox.claim(transaction, 60)
    assert again is not None
    assert again.id == gone.id
    assert "There is no such message" in run(house, "resend", "nothing").output
