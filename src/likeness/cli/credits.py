"""`likeness credits`."""

from pathlib import Path

import click

from likeness.cli.opening import (
    account_of,
    account_option,
    data_option,
    moment,
    open_folder,
    read_settings,
)


@click.group()
def credits() -> None:
    """What accounts may spend, where LIKENESS_PRICES names prices."""


@credits.command("grant")
@click.argument("amount", type=int)
@click.option("--note", default="", help="Why, for the ledger.")
@account_option
@data_option
def grant_(amount: int, note: str, name: str, data: Path | None) -> None:
    """Give an account AMOUNT credits; after `--`, a negative AMOUNT takes some back."""
    from likeness.credits.service import BadGrant, grant

    with open_folder(read_settings(data=data)).database.write(alone=True) as transaction:
        try:
            balance = grant(transaction, account_of(transaction, name), amount, note)
        except BadGrant as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{name} has {balance.available} credits, and {balance.reserved} reserved.")


@credits.command("list")
@data_option
def list_(data: Path | None) -> None:
    """List all accounts: name, credits, credits that unfinished jobs have reserved."""
    from likeness.accounts.service import list_accounts
    from likeness.credits.service import balance_of

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for name, account in list_accounts(transaction).items():
            balance = balance_of(transaction, account)
            click.echo(f"{name}  {balance.available}  {balance.reserved}")


@credits.command("ledger")
@account_option
@data_option
def ledger(name: str, data: Path | None) -> None:
    """Print an account's ledger, oldest first: time, kind, change of its credits, change of what is
    reserved, job or note."""
    from likeness.credits.service import entries_of

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for row in entries_of(transaction, account_of(transaction, name)):
            change = f"{row['available']:+d}  {row['reserved']:+d}"
            said = row["job_id"] or row["note"]
            click.echo(f"{moment(row['created_at'])}  {row['kind']}  {change}  {said}".rstrip())
