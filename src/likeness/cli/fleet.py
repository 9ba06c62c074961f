"""`likeness fleet`."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from likeness.cli.opening import data_option, moment, open_folder, read_settings

if TYPE_CHECKING:
    from likeness.settings import Settings

address_option = click.option(
    "--address",
    default="auto",
    show_default=True,
    help="Of the Ray cluster, as host:port; auto is the one that this machine belongs to.",
)


@click.group()
def fleet() -> None:
    """Workers on all machines of a Ray cluster."""


@fleet.command()
@address_option
@click.option("--least", type=click.IntRange(0), default=1, show_default=True, help="Workers.")
@click.option("--most", type=click.IntRange(1), help="Workers.  [default: as many as fit now]")
@click.option(
    "--cpus",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Processors that each worker has for itself.",
)
@click.option(
    "--gpus",
    type=click.FloatRange(0),
    help="GPUs that each worker has for itself.  [default: 1 where there are any]",
)
@click.option(
    "--patience",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Seconds for which a job waits before there is another worker.",
)
@click.option(
    "--calm",
    type=click.FloatRange(0),
    default=300.0,
    show_default=True,
    help="Seconds without a job that waits before there are fewer workers.",
)
@data_option
def up(
    address: str,
    least: int,
    most: int | None,
    cpus: float,
    gpus: float | None,
    patience: float,
    calm: float,
    data: Path | None,
) -> None:
    """Have workers, with the settings of this environment; or change how many there are. Each base
    (LIKENESS_BASE) has a fleet of its own.

    They do the jobs of LIKENESS_DATABASE_URL and LIKENESS_BLOB_URL. Likeness and what it works with
    are installed on every machine of the cluster, in the same versions.
    """
    from likeness.cli.checked import WorkerSettings

    settings = read_settings(WorkerSettings, data=data and data.absolute())
    open_folder(settings)  # tells at once what workers would stumble over
    with _connected(address, settings):
        from likeness.fleet.cluster import capacity, has_gpus
        from likeness.fleet.cluster import up as start
        from likeness.fleet.plan import Plan

        each = gpus if gpus is not None else float(settings.device != "cpu" and has_gpus())
        if not cpus and not each:
            raise click.UsageError("A worker needs a share of a processor or a GPU.")
        bound = most or max(least, capacity(cpus, each))
        if bound < least:
            raise click.UsageError("--most is less than --least.")
        start(settings, Plan(least, bound, cpus, each, patience, calm))
    click.echo(f"The fleet has {least} to {bound} workers. `likeness fleet status` shows them.")


@fleet.command()
@address_option
def status(address: str) -> None:
    """Say where each worker with this base is."""
    with _connected(address, _base_settings()):
        from likeness.fleet.cluster import status as look

        plan, places, mishap = look()
    needs = ", ".join(f"{amount:g} {name}" for name, amount in plan.bundle.items())
    click.echo(f"{plan.least} to {plan.most} workers of {needs} each; {len(places)} now")
    for place in places:
        if place.where is None:
            said = "waits for a machine"
        else:
            said = f"on {place.where.host} since {moment(place.where.since)}"
            if place.where.metrics:
                said += f", metrics on {place.where.metrics}"
        click.echo(f"worker-{place.number}  {said}{', finishes and goes' if place.leaving else ''}")
    if mishap:
        click.echo(f"What went wrong last: {mishap}")


@fleet.command()
@address_option
def down(address: str) -> None:
    """Let all workers with this base finish what they do, or hand it back, and go."""
    with _connected(address, _base_settings()):
        from likeness.fleet.cluster import down as stop

        stop()
    click.echo("The fleet is down.")


def _base_settings() -> "Settings":
    from likeness.cli.checked import WorkingSettings

    return read_settings(WorkingSettings)


@contextmanager
def _connected(address: str, settings: "Settings") -> Generator[None]:
    if find_spec("ray") is None:
        raise click.ClickException(
            "A fleet needs Ray, which is not installed. Install likeness[ray]."
        )
    from likeness import bases
    from likeness.fleet.cluster import FleetTrouble, NoCluster, NoFleet, cluster
    from likeness.fleet.controller import OtherSettings

    try:
        with cluster(address, bases.name_of(settings.base)):
            yield
    except (NoCluster, NoFleet, FleetTrouble, OtherSettings) as error:
        raise click.ClickException(str(error)) from None
