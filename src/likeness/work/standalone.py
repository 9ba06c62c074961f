"""A worker without an API beside it: by hand, or in a fleet."""

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
"""What keeps a worker from starting, said for operators."""


@contextmanager
def standalone_worker(settings: Settings, folder: DataFolder) -> Generator[None]:
    """A worker takes jobs meanwhile; at the end it finishes what is under way, within the time that
    the settings give, or hands it back. Raises HINDRANCES."""
    start_logging(settings.log)
    start_tracing()
    with folder.serving(), metrics_served(settings, folder, "supervisor"):
        folder.blobs.check()
        supervisor = Supervisor(settings, folder, worker=True)
        supervisor.start()
        try:
            yield
        finally:
            supervisor.stop()
