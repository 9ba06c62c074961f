"""What every process that holds a data folder begins with: a server, or a worker without one."""

from collections.abc import Generator
from contextlib import contextmanager

from likeness.logs import start_logging
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.store.folder import DataFolder, FolderInUse
from likeness.traces import TracesMissing, start_tracing
from likeness.work.exposition import PortTaken, metrics_served
from likeness.work.supervisor import Supervisor

HINDRANCES = (FolderInUse, BlobsUnreachable, PortTaken, TracesMissing)
"""What keeps it from beginning, said for operators."""


@contextmanager
def holding(settings: Settings, folder: DataFolder, process: str) -> Generator[None]:
    """Hold the folder meanwhile, with log lines, traces and metrics of this process. Raises
    HINDRANCES."""
    start_logging(settings.log)
    start_tracing()
    with folder.serving(), metrics_served(settings, folder, process):
        folder.blobs.check()
        yield


@contextmanager
def standalone_worker(settings: Settings, folder: DataFolder) -> Generator[None]:
    """A worker takes jobs meanwhile; at the end it finishes what is under way, within the time that
    the settings give, or hands it back. Raises HINDRANCES."""
    with holding(settings, folder, "supervisor"):
        supervisor = Supervisor(settings, folder, worker=True)
        supervisor.start()
        try:
            yield
        finally:
            supervisor.stop()
