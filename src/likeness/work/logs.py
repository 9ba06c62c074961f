"""Log lines of worker processes."""

import logging
import sys


def start_logging() -> None:
    """Log to standard error, one line an event, without what users wrote."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for noisy in ("httpx", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
