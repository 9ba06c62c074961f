"""`likeness worker`."""

import logging
import signal
from threading import Event

import click

from likeness.cli.metrics import metrics_served
from likeness.logs import start_logging
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.store.folder import DataFolder, FolderInUse
from likeness.traces import TracesMissing, start_tracing
from likeness.work.supervisor import Supervisor

log = logging.getLogger(__name__)


def run_worker(settings: Settings, folder: DataFolder) -> None:
    """Work until SIGINT or SIGTERM; then finish what is under way, within the time that the
    settings give, or hand it back. Exits with a sentence when the folder is taken or the blob store
    out of reach."""
    start_logging(settings.log)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        start_tracing()
        with folder.serving(), metrics_served(settings, folder, "supervisor"):
            folder.blobs.check()
            supervisor = Supervisor(settings, folder, worker=True)
            supervisor.start()
            log.info("a worker takes jobs; its folder is %s", folder.path)
            stop.wait()
            log.info("the worker stops")
            supervisor.stop()
    except (FolderInUse, BlobsUnreachable, TracesMissing) as error:
        raise click.ClickException(str(error)) from None
