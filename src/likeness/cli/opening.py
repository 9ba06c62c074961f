"""How a command gets at its options and its data."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from likeness.accounts.service import Account
    from likeness.settings import Settings
    from likeness.store.database import Transaction
    from likeness.store.folder import DataFolder

PATIENCE = 10.0
"""Seconds for which a blob store is tried where somebody waits for the answer."""

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the database and the pictures (LIKENESS_DATA; else ./likeness-data).",
)

account_option = click.option(
    "--account", "name", default="default", show_default=True, help="Whose."
)


def read_settings(kind: "type[Settings] | None" = None, **given: object) -> "Settings":
    """The options of the environment and those given, or the end with all mistakes."""
    from likeness.settings import BadSettings, Settings

    try:
        return (kind or Settings).read(**given)
    except BadSettings as error:
        raise click.ClickException(str(error)) from None


def open_folder(settings: "Settings") -> "DataFolder":
    """The data folder that the options name, or the end with a sentence."""
    from likeness.store.database import DatabaseUnreachable
    from likeness.store.folder import DataFolder
    from likeness.store.migration import NewerData, OlderData

    try:
        return DataFolder.of(settings, PATIENCE)
    except (NewerData, OlderData, DatabaseUnreachable, OSError) as error:
        raise click.ClickException(str(error)) from None


def account_of(transaction: "Transaction", name: str) -> "Account":
    """The account with a name, or the end with a sentence."""
    from likeness.accounts.service import UnknownAccount, find_account

    try:
        return find_account(transaction, name)
    except UnknownAccount as error:
        raise click.ClickException(str(error)) from None


def moment(seconds: float) -> str:
    """A time of the record, as commands print it."""
    from likeness.wire import timestamp

    return timestamp(seconds)
