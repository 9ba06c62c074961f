"""`likeness worker`."""

import logging
import signal
from threading import Event

import click

from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.holding import HINDRANCES, standalone_worker

log = logging.getLogger(__name__)


def run_worker(settings: Settings, folder: DataFolder) -> None:
    """Work until SIGINT or SIGTERM; then finish what is under way, within the time that the
    settings give, or hand it back. Exits with a sentence when the folder is taken or the blob store
    out of reach."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with standalone_worker(settings, folder):
            log.info("a worker takes jobs; its folder is %s", folder.path)
            stop.wait()
            log.info("the worker stops")
    except HINDRANCES as error:
        raise click.ClickException(str(error)) from None
