"""`likeness webhooks`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from likeness.cli.opening import (
    account_of,
    account_option,
    data_option,
    moment,
    open_folder,
    read_settings,
)

if TYPE_CHECKING:
    from likeness.settings import Settings
    from likeness.store.folder import DataFolder


@click.group()
def webhooks() -> None:
    """Addresses that are told when a job is over, and what was sent to them."""


@webhooks.command("add")
@click.argument("url")
@account_option
@data_option
def add(url: str, name: str, data: Path | None) -> None:
    """Tell URL of the ends of all jobs of an account; prints the id and the signing secret."""
    from likeness.webhooks.schemas import webhook_url
    from likeness.webhooks.service import add_webhook
    from likeness.webhooks.signature import signing_secret

    settings = read_settings(data=data)
    folder = open_folder(settings)
    secret = _server_secret(settings, folder)
    try:
        webhook_url(url)
    except ValueError as error:
        raise click.ClickException(f"The URL {error}.") from None
    with folder.database.write() as transaction:
        webhook_id = add_webhook(transaction, account_of(transaction, name), url)
    click.echo(f"{webhook_id}  {signing_secret(secret, webhook_id)}")


@webhooks.command("list")
@account_option
@data_option
def list_(name: str, data: Path | None) -> None:
    """List an account's webhooks: id, URL, signing secret. The last line has the secret for the
    URLs that requests name in `webhookUrl`."""
    from likeness.webhooks.service import list_webhooks
    from likeness.webhooks.signature import signing_secret

    settings = read_settings(data=data)
    folder = open_folder(settings)
    secret = _server_secret(settings, folder)
    with folder.database.read() as transaction:
        account = account_of(transaction, name)
        for row in list_webhooks(transaction, account):
            click.echo(f"{row['id']}  {row['url']}  {signing_secret(secret, row['id'])}")
    click.echo(f"webhookUrl of requests  {signing_secret(secret, account.id)}")


@webhooks.command("remove")
@click.argument("webhook_id", metavar="ID")
@data_option
def remove(webhook_id: str, data: Path | None) -> None:
    """Send nothing more to the webhook with this ID, what waits for it included."""
    from likeness.webhooks.service import UnknownWebhook, remove_webhook

    with open_folder(read_settings(data=data)).database.write(alone=True) as transaction:
        try:
            remove_webhook(transaction, webhook_id)
        except UnknownWebhook as error:
            raise click.ClickException(str(error)) from None


@webhooks.command("log")
@click.option("--failed", is_flag=True, help="Only messages that were given up.")
@account_option
@data_option
def log(failed: bool, name: str, data: Path | None) -> None:
    """Print an account's newest hundred messages, newest first: id, time, type, job, status, number
    of attempts, URL, what the last attempt came to."""
    from likeness.webhooks.service import log_of

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for row in log_of(transaction, account_of(transaction, name), failed=failed):
            came_to = row["error"] or row["answer"] or ""
            about = f"{row['type']}  {row['job_id']}  {row['status']}  {row['attempt']}"
            sent = f"{row['id']}  {moment(row['created_at'])}"
            click.echo(f"{sent}  {about}  {row['url']}  {came_to}".rstrip())


@webhooks.command("attempts")
@click.argument("message_id", metavar="ID")
@data_option
def attempts(message_id: str, data: Path | None) -> None:
    """Print all attempts to deliver the message with this ID: time, seconds, what it came to."""
    from likeness.webhooks.service import attempts_of

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for row in attempts_of(transaction, message_id):
            came_to = row["error"] or row["answer"]
            click.echo(f"{moment(row['started_at'])}  {row['seconds']:.2f}  {came_to}")


@webhooks.command("resend")
@click.argument("message_id", metavar="ID")
@data_option
def resend(message_id: str, data: Path | None) -> None:
    """Deliver the message with this ID (see `webhooks log`) again, whatever became of it."""
    from likeness.webhooks.service import UnknownMessage, send_again

    with open_folder(read_settings(data=data)).database.write() as transaction:
        try:
            send_again(transaction, message_id)
        except UnknownMessage as error:
            raise click.ClickException(str(error)) from None


def _server_secret(settings: "Settings", folder: "DataFolder") -> bytes:
    if settings.database_url and settings.secret is None:
        raise click.ClickException("Set LIKENESS_SECRET to that of the servers: it signs messages.")
    return folder.signing_secret(settings)
