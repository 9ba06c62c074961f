"""`likeness serve`."""

import logging
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr, ValidationInfo, field_validator

from likeness.accounts.service import create_key, has_keys
from likeness.api.app import create_app
from likeness.presets.service import BadPresets, load_presets
from likeness.settings import Settings
from likeness.store.blobs import BlobsUnreachable
from likeness.store.folder import DataFolder, FolderInUse
from likeness.work.logs import start_logging
from likeness.work.supervisor import Supervisor

log = logging.getLogger(__name__)

KEEP_ALIVE = 75
"""Seconds that a silent connection stays open: longer than any client waits between two polls.
Uvicorn's own 5 s are the documented clients' pause: some polls would meet a closing connection."""


class ServerSettings(Settings):
    """The options of a server, which needs its base and presets: what is wrong with them is told
    with other mistakes."""

    @field_validator("base")
    @classmethod
    def _is_there(cls, base: str) -> str:
        from likeness.bases import BaseError, find_base, find_part

        try:
            find_base(base)
            find_part("faces")
            find_part("upscaler")
        except BaseError as error:
            raise ValueError(str(error)) from None
        return base

    @field_validator("secret")
    @classmethod
    def _is_shared(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("database_url"):
            raise ValueError(
                "must be set, to the same for all servers, where LIKENESS_DATABASE_URL is: file "
                "URLs of one server must open at every other"
            )
        return secret

    @field_validator("upscaler")
    @classmethod
    def _can_be_loaded(cls, upscaler: Path | None) -> Path | None:
        if upscaler is None:
            return None
        if not upscaler.is_file():
            raise ValueError("there is no such file")
        for package in ("spandrel", "einops"):
            if find_spec(package) is None:
                raise ValueError(
                    f"it needs the package {package}; the README says how to install it"
                )
        return upscaler

    @field_validator("presets")
    @classmethod
    def _can_be_used(cls, presets: Path | None) -> Path | None:
        try:
            load_presets(presets)
        except BadPresets as error:
            raise ValueError("; ".join(error.mistakes)) from None
        return presets


def run_server(settings: Settings, folder: DataFolder) -> None:
    """Serve until SIGINT or SIGTERM. Exits with a sentence when the folder or port is taken, or
    the blob store out of reach."""
    start_logging()
    try:
        with folder.serving():
            folder.blobs.check()
            _serve(settings, folder, _listen(settings))
    except (FolderInUse, BlobsUnreachable) as error:
        raise click.ClickException(str(error)) from None


def _serve(settings: Settings, folder: DataFolder, listener: socket.socket) -> None:
    app = create_app(settings, folder)
    app.router.lifespan_context = _lifespan(Supervisor(settings, folder))
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
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    _print_first_key(folder)
    click.echo(f"Likeness serves {folder.path}")
    click.echo(f"  API  {settings.public_url or address}/api")
    click.echo(f"  docs {settings.public_url or address}/api/docs")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


def _lifespan(supervisor: Supervisor):
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        supervisor.start()
        yield
        supervisor.stop()

    return lifespan


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Name another with --host and --port."
        ) from None


def _print_first_key(folder: DataFolder) -> None:
    with folder.database.write(alone=True) as transaction:
        if has_keys(transaction):
            return
        key = create_key(transaction, "first")
    click.echo(f"Your API key, shown only now: {key}")
