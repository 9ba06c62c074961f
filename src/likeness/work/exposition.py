"""Serving the numbers of a data folder's processes to Prometheus."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from likeness import bases, metrics
from likeness.jobs.depth import depths
from likeness.settings import Settings
from likeness.store.database import Database, DatabaseUnreachable
from likeness.store.folder import DataFolder


class PortTaken(Exception):
    """Metrics cannot be served on the port that LIKENESS_METRICS_PORT names. Set it to another."""


class QueueCollector(Collector):
    """Looks at the queue whenever somebody asks: how many jobs wait and run, of all machines."""

    def __init__(self, database: Database, base: str) -> None:
        self._database = database
        self._base = base

    def collect(self) -> Iterator[Metric]:
        """Nothing of the queue while the database is away, which is a number of its own."""
        reached = GaugeMetricFamily(
            "likeness_database_reached", "Whether the database answers: 1, else 0."
        )
        try:
            with self._database.read() as transaction:
                found = depths(transaction, self._base)
        except DatabaseUnreachable:
            reached.add_metric([], 0)
            yield reached
            return
        reached.add_metric([], 1)
        yield reached
        waiting, running, oldest = (
            GaugeMetricFamily(f"likeness_jobs_{name}", said, labels=["kind", "base"])
            for name, said in (
                ("waiting", "Jobs that wait, on all machines."),
                ("running", "Jobs that run, on all machines."),
                ("oldest_seconds", "For how long the first of those that wait has waited."),
            )
        )
        for depth in found:
            waiting.add_metric([depth.kind, depth.base], depth.waiting)
            running.add_metric([depth.kind, depth.base], depth.running)
            oldest.add_metric([depth.kind, depth.base], depth.oldest)
        yield from (waiting, running, oldest)


@contextmanager
def metrics_served(settings: Settings, folder: DataFolder, process: str) -> Generator[None]:
    """Count from now on, as this process of the folder, and serve what all of them count, if the
    settings name a port for it. Raises `PortTaken`."""
    metrics.forget(folder.metrics)
    metrics.keep_in(folder.metrics, process)
    try:
        with _served(settings, folder):
            yield
    finally:
        metrics.keep_in_memory()


@contextmanager
def _served(settings: Settings, folder: DataFolder) -> Generator[None]:
    if settings.metrics_port is None:
        yield
        return
    registry = metrics.registry_of(folder.metrics)
    registry.register(QueueCollector(folder.database, bases.name_of(settings.base)))
    try:
        server, thread = start_http_server(settings.metrics_port, settings.host, registry)
    except OSError as error:
        raise PortTaken(
            f"Cannot serve metrics on {settings.host} port {settings.metrics_port}: "
            f"{error.strerror}. Set LIKENESS_METRICS_PORT to another."
        ) from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
