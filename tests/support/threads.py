"""Things that happen at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any


def at_once(*things: Callable[[], Any]) -> list[Any]:
    """Do things in a thread each, all at once; returns what each returned or raised."""
    ready = Barrier(len(things), timeout=60)

    def do(thing: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return thing()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(do, things))
