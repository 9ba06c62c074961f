"""The server's application."""

import os
from functools import partial

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from likeness import __version__, bases
from likeness.actions.starting import Terms
from likeness.api import files, generation, health, images, jobs, models, ping, presets, videos
from likeness.api.access_log import AccessLog
from likeness.api.context import Context
from likeness.api.door import API, Door
from likeness.api.envelope import install
from likeness.api.notifier import Notifier
from likeness.api.openapi import describe
from likeness.credits.prices import load_prices
from likeness.presets.service import load_presets
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.store.signing import Signer


def create_app(settings: Settings, folder: DataFolder) -> FastAPI:
    """The API over a data folder. It needs a worker beside it for jobs to be done.

    Raises BadPresets, BadPrices.
    """
    app = FastAPIOffline(
        title="Likeness",
        summary="The PhotoGPT Developer API, run by yourself",
        version=__version__,
        openapi_url=f"{API}/openapi.json",
        docs_url=f"{API}/docs",
        redoc_url=None,
        redirect_slashes=False,
        static_url=f"{API}/docs/static",
        swagger_ui_oauth2_redirect_url=f"{API}/docs/oauth2-redirect",
    )
    readers = CapacityLimiter(folder.database.readers)
    app.state.context = Context(
        settings=settings,
        folder=folder,
        signer=Signer(folder.signing_secret(settings), settings.url_ttl),
        presets=load_presets(settings.presets),
        terms=Terms(
            load_prices(settings.prices),
            bases.name_of(settings.base),
            settings.other_bases_named,
        ),
        notifier=Notifier(folder.database, readers),
        decoders=CapacityLimiter(os.cpu_count() or 1),
        readers=readers,
    )
    for room in (jobs, models, generation, images, videos, presets, ping):
        app.include_router(room.router, prefix=API)
    app.include_router(files.router)
    app.include_router(health.router)
    install(app)
    app.openapi = partial(describe, app)
    app.add_middleware(
        Door,
        database=folder.database,
        upload_bytes=settings.upload_bytes,
        rate_limit=settings.rate_limit,
    )
    app.add_middleware(AccessLog)
    return app
