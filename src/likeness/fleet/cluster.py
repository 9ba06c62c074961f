"""A fleet, from outside of its cluster."""

import logging
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import ray
from ray.exceptions import RayError

from likeness.errors import sentence
from likeness.fleet.controller import Controller, OtherSettings, Place, cause, namespace_of
from likeness.fleet.plan import Plan, fitting
from likeness.settings import Settings

CONTROLLER = "controller"

CARRIED = ("AWS_", "OTEL_")
"""How the names of variables begin that workers get beside the settings: ways to the blob store,
and where traces go."""

PATIENCE = 60.0
"""Seconds that a controller has to answer, which may have to be started."""


class NoCluster(Exception):
    """There is no Ray cluster at this address. Start one with `ray start --head`, or say where it
    is with --address."""


class NoFleet(Exception):
    """There is no fleet with this base in this cluster. `likeness fleet up` makes one."""


class FleetTrouble(Exception):
    """The cluster does not answer as it should."""


@contextmanager
def cluster(address: str, base: str) -> Generator[None]:
    """Be connected with a cluster, for its fleet with this base. Raises `NoCluster`."""
    try:
        _knock(address)
        ray.init(
            address,
            namespace=namespace_of(base),
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (OSError, RuntimeError, ValueError):
        raise NoCluster(f"{sentence(NoCluster)} (The address is {address}.)") from None
    try:
        yield
    except RayError as error:
        raise FleetTrouble(f"{sentence(FleetTrouble)} {cause(error)}") from error
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    # Ray itself waits for minutes where nobody answers.
    host, colon, port = address.rpartition(":")
    if colon:
        socket.create_connection((host.removeprefix("ray://"), int(port)), timeout=5).close()


def capacity(cpus: float, gpus: float) -> int:
    """How many workers fit into the cluster as it is, at least one."""
    return fitting(ray.cluster_resources(), cpus, gpus)


def has_gpus() -> bool:
    """Whether a machine of the cluster has one."""
    return ray.cluster_resources().get("GPU", 0) > 0


def up(settings: Settings, plan: Plan) -> None:
    """Have a fleet by this plan, or change the plan of the one that there is. `settings` name a
    database and a blob store. Raises `OtherSettings`."""
    others = {name: value for name, value in os.environ.items() if name.startswith(CARRIED)}
    variables = {**settings.environment(), **others}
    # It takes no processor from workers, and must outlive who started it.
    controller: Any = (
        ray.remote(Controller)
        .options(
            name=CONTROLLER,
            lifetime="detached",
            get_if_exists=True,
            max_restarts=-1,
            max_concurrency=4,
            num_cpus=0,
        )
        .remote(plan, variables)
    )
    if changed := ray.get(controller.change.remote(plan, variables), timeout=PATIENCE):
        raise OtherSettings(
            f"{sentence(OtherSettings)} Take it down first, or set as before: {', '.join(changed)}."
        )


def status() -> tuple[Plan, list[Place], str | None]:
    """The plan, all workers, and the last thing that went wrong. Raises `NoFleet`."""
    return ray.get(_controller().status.remote(), timeout=PATIENCE)


def down() -> None:
    """Let all workers finish or hand back what they do, and go. Raises `NoFleet`."""
    controller = _controller()
    ray.get(controller.down.remote())
    ray.kill(controller, no_restart=True)


def _controller() -> Any:
    try:
        return ray.get_actor(CONTROLLER)
    except ValueError:
        raise NoFleet(sentence(NoFleet)) from None
