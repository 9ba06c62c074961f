"""Children that never outlive their parent.

A parent keeps the writing end of its child's standard input. The child reads it: lines are
orders, its end means that the parent is gone. On Linux the kernel kills the child as well, in the
moment in which the parent's thread that started it dies.

`python -m likeness.work.lifeline MODULE ARGUMENT` ties itself to its parent before it imports
MODULE, which may take seconds, and calls `MODULE.main(ARGUMENT)`.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any

_PR_SET_PDEATHSIG = 1
_PARENT = "LIKENESS_PARENT_PID"

DRAIN = "drain"
"""The order to take no more work, and to end when what is under way is done."""

_CALM = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Threads of torch that wait for each other sleep. Where they spin instead, two busy processes on
two cores slow each other down many times over (`benchmarks/contention.py`)."""


def start_child(
    module: str, argument: str, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Run `module.main(argument)` in a child of this thread, which should live as long as it."""
    return subprocess.Popen(
        [sys.executable, "-m", "likeness.work.lifeline", module, argument],
        stdin=subprocess.PIPE,
        bufsize=0,  # an order that a dying child did not take must not stay and fail at the close
        env={**_CALM, **os.environ, **environment, _PARENT: str(os.getpid())},
    )


def listen_to_parent(on_order: Callable[[str], None] | None = None) -> None:
    """Called first in a child's `main`: take the parent's orders, and end when it is gone."""
    Thread(target=_listen, args=(on_order,), name="lifeline", daemon=True).start()


def give_order(child: subprocess.Popen[Any], order: str) -> None:
    """Send a line to a child; one that is dying does not hear it."""
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.write(f"{order}\n".encode())


def _listen(on_order: Callable[[str], None] | None) -> None:
    for line in sys.stdin:
        if on_order is not None:
            on_order(line.strip())
    os._exit(1)


def _hold_on_to_parent() -> None:
    # Ctrl-C reaches the whole group; the parent says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # Settings refuse names they do not know, so ours must be gone before they are read.
    parent = os.environ.pop(_PARENT, None)
    if parent is not None and os.getppid() != int(parent):
        os._exit(1)


if __name__ == "__main__":
    _hold_on_to_parent()
    import_module(sys.argv[1]).main(sys.argv[2])
