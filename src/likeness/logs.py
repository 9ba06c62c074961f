"""Log lines: one an event, without what users wrote."""

import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
JSON = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}

_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


class Facts(logging.Filter):
    """Adds to a record what the work at hand is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (_about.get() or {}).items():
            setattr(record, name, value)
        return True


def start_logging(form: Literal["text", "json"]) -> None:
    """Log to standard error: lines for people, or a JSON object a line for programs, with the ids
    of the job and the account that it is about."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Facts())
    if form == "json":
        handler.setFormatter(JsonFormatter(JSON, rename_fields=NAMES))
    else:
        handler.setFormatter(logging.Formatter(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("httpx", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


@contextmanager
def about(job: str, account: str) -> Generator[None]:
    """All lines of this thread say which job and account they are about."""
    token = _about.set({"job": job, "account": account})
    try:
        yield
    finally:
        _about.reset(token)
