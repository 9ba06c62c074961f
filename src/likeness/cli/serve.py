"""`likeness serve`."""

import logging
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import click
import uvicorn
from fastapi import FastAPI

from likeness.accounts.service import create_key, has_keys
from likeness.api.app import create_app
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.holding import HINDRANCES, holding
from likeness.work.sender import Sender
from likeness.work.supervisor import Supervisor

log = logging.getLogger(__name__)

KEEP_ALIVE = 75
"""Seconds that a silent connection stays open: longer than any client waits between two polls.
Uvicorn's own 5 s are the documented clients' pause: some polls would meet a closing connection."""


def run_server(settings: Settings, folder: DataFolder) -> None:
    """Serve until SIGINT or SIGTERM. Exits with a sentence when the folder or port is taken, or
    the blob store out of reach."""
    try:
        with holding(settings, folder, "api"):
            _serve(settings, folder, _listen(settings))
    except HINDRANCES as error:
        raise click.ClickException(str(error)) from None


def _serve(settings: Settings, folder: DataFolder, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    app = create_app(settings, folder)
    supervisor = Supervisor(settings, folder, worker=settings.worker)
    sender = Sender(settings, folder, settings.public_url or address)
    app.router.lifespan_context = _lifespan(supervisor, sender)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_ALIVE,
    )
    _print_first_key(folder)
    click.echo(f"Likeness serves {folder.path}")
    click.echo(f"  API  {settings.public_url or address}/api")
    click.echo(f"  docs {settings.public_url or address}/api/docs")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


def _lifespan(supervisor: Supervisor, sender: Sender):
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        supervisor.start()
        sender.start()
        yield
        supervisor.stop()
        sender.stop()

    return lifespan


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Name another with --host and --port."
        ) from None
    # asyncio does so only for sockets that were made with the protocol's number. Without it, the
    # body of an answer waits 40 ms for the client to say that it has the head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _print_first_key(folder: DataFolder) -> None:
    with folder.database.write(alone=True) as transaction:
        if has_keys(transaction):
            return
        key = create_key(transaction, "first")
    click.echo(f"Your API key, shown only now: {key}")
