"""`likeness`: every command of the program. A command imports what it needs when it runs."""

from pathlib import Path

import click

from likeness.cli.credits import credits
from likeness.cli.fleet import fleet
from likeness.cli.opening import data_option, open_folder, read_settings
from likeness.cli.webhooks import webhooks


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="likeness")
def cli() -> None:
    """Learn a person's likeness from photos and make new ones, through the PhotoGPT API."""


@cli.command()
@click.option("--host", help="Address to listen on (LIKENESS_HOST; else 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (LIKENESS_PORT; else 8900).")
@data_option
def serve(host: str | None, port: int | None, data: Path | None) -> None:
    """Serve the API, with one worker that is looked after, unless LIKENESS_WORKER=false."""
    from likeness.cli.checked import ServerSettings
    from likeness.cli.serve import run_server

    settings = read_settings(ServerSettings, host=host, port=port, data=data)
    run_server(settings, open_folder(settings))


@cli.command()
@data_option
def worker(data: Path | None) -> None:
    """Do the jobs of LIKENESS_DATABASE_URL and LIKENESS_BLOB_URL, without an API."""
    from likeness.cli.checked import WorkerSettings
    from likeness.cli.worker import run_worker

    settings = read_settings(WorkerSettings, data=data)
    run_worker(settings, open_folder(settings))


@cli.command()
@data_option
def migrate(data: Path | None) -> None:
    """Bring the tables of LIKENESS_DATABASE_URL up to date. A data folder's own need no command."""
    from likeness.store.database import DatabaseUnreachable
    from likeness.store.folder import database_of
    from likeness.store.migration import HEAD, NewerData, bring_up_to_date

    settings = read_settings(data=data)
    if database := database_of(settings):
        try:
            bring_up_to_date(database)
        except (NewerData, DatabaseUnreachable) as error:
            raise click.ClickException(str(error)) from None
    else:
        open_folder(settings)
    click.echo(f"The tables are up to date: revision {HEAD}.")


@cli.command()
@data_option
def doctor(data: Path | None) -> None:
    """Look at settings, database, blob store, base, device, disk and clock, and say what to do.

    Exits with 1 if a server or a worker would not work like this.
    """
    from likeness.cli.doctor.command import run_doctor

    if not run_doctor(read_settings(data=data)):
        raise SystemExit(1)


@cli.group()
def keys() -> None:
    """API keys."""


@keys.command("create")
@click.argument("name")
@click.option("--account", default="default", show_default=True, help="Whom the key speaks for.")
@data_option
def create(name: str, account: str, data: Path | None) -> None:
    """Make a key called NAME and print it, alone. It cannot be shown again."""
    from likeness.accounts.service import create_key

    with open_folder(read_settings(data=data)).database.write(alone=True) as transaction:
        key = create_key(transaction, name, account)
    click.echo(key)


@keys.command("list")
@data_option
def list_(data: Path | None) -> None:
    """List all keys: id, account, name, state."""
    from likeness.accounts.service import list_keys

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for key in list_keys(transaction):
            state = "in use" if key.revoked_at is None else "revoked"
            click.echo(f"{key.id}  {key.account}  {key.name}  {state}")


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@data_option
def revoke(key_id: str, data: Path | None) -> None:
    """End the key with this ID (see `keys list`) from now on."""
    from likeness.accounts.service import UnknownKey, revoke_key

    with open_folder(read_settings(data=data)).database.write() as transaction:
        try:
            revoke_key(transaction, key_id)
        except UnknownKey as error:
            raise click.ClickException(str(error)) from None


@cli.group()
def accounts() -> None:
    """Accounts, and what each gets of the workers."""


@accounts.command("list")
@data_option
def list_accounts(data: Path | None) -> None:
    """List all accounts: name, priority, weight."""
    from likeness.accounts.service import list_shares

    with open_folder(read_settings(data=data)).database.read() as transaction:
        for share in list_shares(transaction):
            click.echo(f"{share.name}  {share.priority}  {share.weight:g}")


@accounts.command("share")
@click.argument("name")
@click.option(
    "--priority",
    type=click.IntRange(-1000, 1000),
    default=0,
    show_default=True,
    help="Who comes first: jobs of a lower priority wait while any of a higher one does.",
)
@click.option(
    "--weight",
    type=click.FloatRange(0.001, 1000),
    default=1.0,
    show_default=True,
    help="How many jobs it gets started for each of an account with the weight 1.",
)
@data_option
def share(name: str, priority: int, weight: float, data: Path | None) -> None:
    """Say what the account NAME gets of the workers. Priorities count for jobs from now on."""
    from likeness.accounts.service import Share, UnknownAccount, set_share

    with open_folder(read_settings(data=data)).database.write() as transaction:
        try:
            set_share(transaction, Share(name, priority, weight))
        except UnknownAccount as error:
            raise click.ClickException(str(error)) from None


@cli.command()
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder of 12 to 20 photos of one person, with or without a person.json.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Folder of the demo's own server.",
)
def demo(photos: Path, data: Path) -> None:
    """Run the main job once: photos in, a likeness learned, pictures out."""
    from likeness.cli.demo import run_demo

    run_demo(photos, data)


cli.add_command(credits)
cli.add_command(fleet)
cli.add_command(webhooks)
