"""A place for one worker in a cluster."""

import os
import shutil
import socket
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import ray

from likeness import bases
from likeness.settings import PREFIX, Settings
from likeness.store.folder import DataFolder
from likeness.work.holding import standalone_worker
from likeness.work.supervisor import workers_of


@dataclass(frozen=True)
class Whereabouts:
    """Where a worker is: its machine, how the owners of its claims begin, where its metrics are,
    and since when, in seconds since 1970."""

    host: str
    owners: str
    metrics: str | None
    since: float


def settings_from(variables: Mapping[str, str]) -> Settings:
    """A fleet's settings, which are those of this process from now on, and no others. Raises
    BadSettings."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(variables)
    return Settings.read()


class Slot:
    """Has a worker, as `likeness worker` is one, for as long as it lives.

    To be a Ray actor: where its machine dies, Ray begins it anew on another, with nothing but the
    settings. Its folder is on the disk of whatever machine that is.
    """

    def __init__(self, number: int, variables: Mapping[str, str]) -> None:
        """`number` tells it from all others of its fleet; `variables` are the fleet's settings.
        Raises BadSettings, what opening a folder raises, and HINDRANCES."""
        settings = settings_from(variables)
        node = ray.get_runtime_context().get_node_id()
        base = bases.name_of(settings.base)
        port = settings.metrics_port
        settings = settings.model_copy(
            update={
                "data": settings.data / "fleet" / node[:12] / f"{base}-{number}",
                "metrics_port": None if port is None else port + number,
            }
        )
        self._folder = DataFolder.of(settings)
        self._working = ExitStack()
        self._working.enter_context(standalone_worker(settings, self._folder))
        host = ray.util.get_node_ip_address()
        metrics = None if port is None else f"{host}:{settings.metrics_port}"
        name = f"{socket.gethostname()} ({host})"
        self._whereabouts = Whereabouts(name, workers_of(self._folder), metrics, time.time())

    def whereabouts(self) -> Whereabouts:
        """Answered as soon as it has a machine."""
        return self._whereabouts

    def drain(self) -> None:
        """Finish what is under way or hand it back, within the time that the settings give, and
        leave nothing on the machine's disk."""
        self._working.close()
        shutil.rmtree(self._folder.path, ignore_errors=True)
